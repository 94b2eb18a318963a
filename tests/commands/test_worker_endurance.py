"""Two workers under load, killed at random, with sinks that fail at random: in the end everybody was told of everything, once.

CHAOS_KILLS=200 (`make chaos`) does it for longer.
"""

import asyncio
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from tests.commands.conftest import ROOT, Shell, said_until

KILLS = int(os.environ.get("CHAOS_KILLS", "15"))
SEED = int(os.environ.get("CHAOS_SEED", random.randrange(10**6)))
CUSTOMERS, WAYS = 5, ("email", "push")
PATIENCE = 120  # seconds until all is out in the end
LEFT = (
    "SELECT (SELECT count(*) FROM events WHERE noticed_at IS NULL) + "
    "(SELECT count(*) FROM deliveries WHERE state = 'waiting') AS n"
)


class Nursery:
    """Where workers come from: processes of their own, which cost no more than a fork (see `worker_in_chaos`)."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def start(self) -> int:
        """Its number."""
        return int(self._said("start", "at work").split()[-1])

    def kill(self, worker: int) -> None:
        """It is dead when this returns."""
        self._said(f"kill {worker}", "dead")

    def _said(self, line: str, until: str) -> str:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return said_until(self.process, until)


@contextmanager
def nursery(shell: Shell, faults: int) -> Iterator[Nursery]:
    """All of its workers are gone afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.commands.worker_in_chaos", str(shell.place / "sink"), str(faults)], cwd=ROOT,
        env=shell.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        yield Nursery(process)
    finally:
        process.communicate(timeout=PATIENCE)


async def people(shell: Shell) -> None:
    at = datetime.now(UTC)
    rows = ", ".join(f"('c{n}@example.com', '', '', '', '', 1, '', '', '{at}')" for n in range(1, CUSTOMERS + 1))
    await shell.change(
        "INSERT INTO customers (email, name, locale, time_zone, password_hash, revision, order_years, order_merchants, "
        f"created_at) VALUES {rows}"
    )


async def happen(shell: Shell, count: int) -> None:
    """That many events, of people in turn; what they say cannot always be read."""
    at = datetime.now(UTC)
    rows = ", ".join(
        f"('refund_succeeded', {n % CUSTOMERS + 1}, 7, '{at}', '{at}', '{'{' if n % 7 == 0 else '{}'}')" for n in range(count)
    )
    await shell.change(f'INSERT INTO events (kind, customer, "order", at, recorded_at, data) VALUES {rows}')


async def all_out(shell: Shell) -> None:
    until = time.monotonic() + PATIENCE
    while (await shell.rows(LEFT))[0][0]:
        assert time.monotonic() < until, await shell.rows("SELECT * FROM deliveries WHERE state = 'waiting' LIMIT 3")
        await asyncio.sleep(0.1)


async def test_killed_at_random_everybody_is_told_of_everything_once(shell: Shell) -> None:
    chance, recorded = random.Random(SEED), 0
    await people(shell)
    with nursery(shell, faults=30) as workers:
        alive = [workers.start() for _ in range(2)]
        for _ in range(KILLS):
            for _ in range(chance.randrange(1, 4)):
                count = chance.randrange(1, 150)
                await happen(shell, count)
                recorded += count
                await asyncio.sleep(chance.uniform(0, 0.2))
            victim = chance.randrange(2)
            workers.kill(alive[victim])
            alive[victim] = workers.start()
        await all_out(shell)
    print(f"seed {SEED}: {KILLS} kills, {recorded} events")
    await all_is_told(shell, recorded)


async def test_two_workers_never_tell_twice(shell: Shell) -> None:
    await people(shell)
    await happen(shell, 1000)
    with nursery(shell, faults=0) as workers:
        for _ in range(2):
            workers.start()
        await all_out(shell)
    await all_is_told(shell, 1000)
    got = (shell.place / "sink").read_text().splitlines()
    assert len(got) == len(set(got)), "nobody was killed: nothing comes twice"


async def all_is_told(shell: Shell, recorded: int) -> None:
    assert await shell.count("events") == recorded
    assert await shell.rows("SELECT count(*), count(DISTINCT event) FROM notifications") == [(recorded, recorded)]
    found = await shell.rows("SELECT notification, channel, target, message_id, state FROM deliveries")
    assert Counter(row[4] for row in found) == {"sent": recorded * len(WAYS)}
    assert len({row[:3] for row in found}) == len({row[3] for row in found}) == recorded * len(WAYS)
    got = Counter(tuple(line.split()) for line in (shell.place / "sink").read_text().splitlines())
    assert got.keys() == {(row[1], row[3]) for row in found}, "everything has reached its sink, and nothing else has"
    unread = await shell.rows(
        "SELECT c.unread, (SELECT count(*) FROM notifications n WHERE n.customer = c.id AND n.read_at IS NULL) FROM customers c"
    )
    assert all(counted == there for counted, there in unread)
    assert await shell.count("event_faults") == 0
