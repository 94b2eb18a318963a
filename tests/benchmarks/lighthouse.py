"""`python -m tests.benchmarks.lighthouse [--runs 5]`: Lighthouse's scores of the list, an order and the arrivals, as a phone.

Needs `lighthouse` (npm install --global lighthouse) and Chromium, which no test does: hence no part of them. The demo shop on a
server of its own, Alice signed in, Lighthouse's own phone and slow network. The exit code is 1 where a goal is missed.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from e2e.conftest import CHROMIUM
from e2e.counter import Counter

PAGES = ("/orders", "/orders/A-10482", "/arrivals")
GOALS = {"performance": 95, "accessibility": 100, "best-practices": 100}  # of 100; medians
TIMES = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "speed-index")  # ms


TRIES = 3


def report(url: str, token: str) -> dict[str, Any]:
    """Of one run. Lighthouse itself fails now and then (NO_NAVSTART: its trace has no beginning) and asks for another."""
    command = [
        "lighthouse", url, "--quiet", "--output=json", f"--only-categories={','.join(GOALS)}",
        f"--extra-headers={json.dumps({'Cookie': f'session={token}'})}",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
    ]  # fmt: skip
    own = {"CHROME_PATH": str(CHROMIUM)} if CHROMIUM.exists() else {}
    for _ in range(TRIES):
        done = subprocess.run(command, env=own | os.environ, capture_output=True, text=True)
        if "NO_NAVSTART" not in done.stderr:
            break
    if done.returncode:
        raise RuntimeError(f"lighthouse ended with {done.returncode}: {done.stderr[-2000:]}")
    made: dict[str, Any] = json.loads(done.stdout)
    assert made["finalDisplayedUrl"] == url, f"{made['finalDisplayedUrl']} was shown in place of {url}"
    return made


def scores(made: dict[str, Any]) -> dict[str, float]:
    return {name: round(100 * made["categories"][name]["score"]) for name in GOALS}


def times(made: dict[str, Any]) -> dict[str, float]:
    return {name: round(made["audits"][name]["numericValue"]) for name in TIMES}


def median(figures: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(each[name] for each in figures) for name in figures[0]}


def faults(made: dict[str, Any]) -> set[str]:
    """What costs points."""
    counted = {it["id"] for name in GOALS for it in made["categories"][name]["auditRefs"] if it["weight"]}
    found = {name: it for name, it in made["audits"].items() if name in counted and it["score"] is not None}
    return {f"{name}: {it['title']}" for name, it in found.items() if it["score"] < 0.9}


def main() -> int:
    parser = ArgumentParser("python -m tests.benchmarks.lighthouse", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="of each page, of which the median counts (5)")
    runs = parser.parse_args().runs
    if not shutil.which("lighthouse"):
        print("lighthouse is not on the PATH: npm install --global lighthouse", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="comptoir-lighthouse-") as folder:
        counter = Counter(Path(folder))
        counter.command("migrate")
        counter.command("seed")
        counter.start()
        try:
            met = [measured(counter.url + page, counter.session("alice@example.com"), runs) for page in PAGES]
        finally:
            counter.stop()
    return 0 if all(met) else 1


def measured(url: str, token: str, runs: int) -> bool:
    """Whether the medians meet their goals; prints them."""
    made = [report(url, token) for _ in range(runs)]
    found = median([scores(each) for each in made])
    print(f"{url}  (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs)")
    for name, value in found.items():
        each = " ".join(f"{scores(it)[name]:.0f}" for it in made)
        print(f"  {name:26}{value:>6.0f}  {'met' if value >= GOALS[name] else 'MISSED'}  ({each})")
    for name, value in median([times(each) for each in made]).items():
        print(f"  {name:26}{value:>6.0f} ms")
    for fault in sorted(set().union(*map(faults, made))):
        print(f"  {fault}")
    return all(value >= GOALS[name] for name, value in found.items())


if __name__ == "__main__":
    sys.exit(main())
