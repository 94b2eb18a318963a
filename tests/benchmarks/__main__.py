"""`python -m tests.benchmarks`: measures, prints a table, writes a JSON file. What is measured, and how: README.md."""

import asyncio
import os
import sys
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

import msgspec
import uvloop

from tests.benchmarks import databases, doors, importing, packing, pushing, scanning, streams, tapping, telling, weighing
from tests.benchmarks.client import Client
from tests.benchmarks.measuring import Measuring
from tests.benchmarks.table import Result, Results, as_json

SIZES, QUICK_SIZES = (10_000, 100_000, 1_000_000), (10_000,)
IMPORTS = {"sqlite": (50_000, 500_000), "postgresql": (50_000,)}  # lines
QUICK_IMPORTS = {"sqlite": (20_000,)}
STREAMS, QUICK_STREAMS = (1_000, 200), (200, 100)  # how many are open, and how many events are recorded beside them
POSTGRES = "postgresql"
PARTS = ("pushing", "orders", "import", "scans", "telling", "streams", "pack", "offline")


def options() -> Namespace:
    parser = ArgumentParser("python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10,000 orders, 200 streams, short rounds: minutes")
    parser.add_argument("--sizes", default="", metavar="N,N", help="orders (10000,100000,1000000)")
    parser.add_argument("--databases", default="sqlite,postgresql", metavar="NAME,NAME")
    parser.add_argument("--only", default=",".join(PARTS), metavar="PART,PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--seconds", type=float, default=0.0, help="of one run of requests (0.5)")
    parser.add_argument("--rounds", type=int, default=0, help="of such runs, of which the median counts (5)")
    parser.add_argument("--json", type=Path, default=Path("var/bench.json"), metavar="FILE")
    asked = parser.parse_args()
    asked.sizes = [int(size) for size in asked.sizes.split(",") if size] or (QUICK_SIZES if asked.quick else SIZES)
    asked.databases, asked.only = asked.databases.split(","), asked.only.split(",")
    if wrong := set(asked.only).difference(PARTS):
        parser.error(f"--only knows {', '.join(PARTS)}, not {', '.join(sorted(wrong))}")
    asked.seconds = asked.seconds or (0.15 if asked.quick else 0.5)
    asked.rounds = asked.rounds or (3 if asked.quick else 5)
    return asked


async def measure(asked: Namespace, server: str) -> Results:
    results = Results(cpus=os.cpu_count() or 1, load=[_load()])
    if "pushing" in asked.only:
        _begun("pushing to a push service on loopback")
        results.pushing = await pushing.measured(asked.rounds)
    for kind in asked.databases:
        if kind == POSTGRES and not server:
            results.missing.append("PostgreSQL is not on this machine (apt-get install postgresql)")
            continue
        for size in asked.sizes if "orders" in asked.only else ():
            results.results.append(await _at(kind, size, asked, server, results))
        if "import" in asked.only:
            _import(kind, asked, server, results)
        if "pack" in asked.only:
            _pack(kind, server, results)
        await _news(kind, asked, server, results)
    if "offline" in asked.only:
        _begun("tapping on orders without a network")
        with databases.fresh("sqlite", server, "offline") as database:
            results.tapping = await tapping.measured(database)
    return results


def _import(kind: str, asked: Namespace, server: str, results: Results) -> None:
    for lines in (QUICK_IMPORTS if asked.quick else IMPORTS).get(kind, ()):
        _begun(f"{kind}: importing {lines:,} lines")
        with databases.fresh(kind, server, f"import_{lines}") as database:
            results.imports.setdefault(kind, []).append(importing.imported(database, lines))


async def _news(kind: str, asked: Namespace, server: str, results: Results) -> None:
    """From what a carrier says to what a customer sees."""
    if "scans" in asked.only:
        _begun(f"{kind}: taking scans")
        with databases.fresh(kind, server, "scans") as database:
            results.scans[kind] = scanning.scanned(database)
    if "telling" in asked.only:
        _begun(f"{kind}: telling people")
        with databases.fresh(kind, server, "telling") as database:
            results.told[kind] = await telling.measured(database)
    if "streams" in asked.only:
        many, events = QUICK_STREAMS if asked.quick else STREAMS
        _begun(f"{kind}: opening {many:,} streams")
        with databases.fresh(kind, server, "streams") as database:
            results.streams[kind] = await streams.measured(database, many, events)


def _pack(kind: str, server: str, results: Results) -> None:
    _begun(f"{kind}: what a phone keeps")
    with databases.fresh(kind, server, "pack") as database:
        results.packs[kind] = packing.packed(database)


async def _at(kind: str, size: int, asked: Namespace, server: str, results: Results) -> Result:
    with databases.fresh(kind, server, f"bench_{size}") as database:
        results.load.append(_load())
        begun = time.monotonic()
        cast = database.filled(size)
        _begun(f"{kind}: {size:,} orders filled in {time.monotonic() - begun:.0f} s; measuring")
        async with databases.served(database) as (port, process):
            client = Client(port)
            await client.open()
            results.weight = results.weight or await weighing.weighed(client, cast.collector)
            figures = await Measuring(client, database, process, asked.seconds).all(cast, asked.rounds)
            if kind not in results.doors:
                results.doors[kind] = await doors.measured(client, process, cast)
            client.close()
        return Result(kind, size, await database.size(), figures)


def _load() -> float:
    return round(os.getloadavg()[0], 1)


def _begun(what: str) -> None:
    print(f"{what} …", file=sys.stderr, flush=True)


def main() -> int:
    """0 also where a goal is missed: the table says it."""
    asked = options()
    loop = asyncio.Runner(loop_factory=uvloop.new_event_loop)
    with databases.postgres(POSTGRES in asked.databases) as server, loop as runner:
        results = runner.run(measure(asked, server))
    print("\n".join(results.lines()))
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    made = as_json(results) | {"made_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
    asked.json.write_bytes(msgspec.json.format(msgspec.json.encode(made)) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
