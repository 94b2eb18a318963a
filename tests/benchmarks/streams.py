"""What an open page costs and how soon it is told: a thousand streams on the real server, and on one that only counts.

`python -m tests.benchmarks.streams [--streams N] [--changes N] [--databases sqlite,postgresql]`; see README.md.
"""

import asyncio
import os
import random
import sqlite3
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Awaitable, Callable, Sequence
from itertools import islice
from pathlib import Path

import asyncpg
import uvloop
from msgspec import Struct

from app.tokens import hash_token
from tests.benchmarks import databases
from tests.benchmarks.client import HOST, request

MEMORY = 20  # the goal in kB
WARM = 20  # streams that are opened first: what they load is not the others' cost
NOW, LATER = "2026-11-20 10:00:00+00:00", "2099-01-01 00:00:00+00:00"
RAISE = "UPDATE customers SET revision = revision + 1"
# Raises the revision of one customer, or of everybody (0); answers the moment before it was committed.
Change = Callable[[int], Awaitable[float]]


class Figures(Struct):
    """`memory`: kB of the server's own for each stream. Milliseconds from a commit until the browser was told: of one
    customer's change at the middle and at 99 of 100, of everybody's at once until half have heard, and the last."""

    name: str
    streams: int
    memory: float
    one: tuple[float, float]
    everybody: tuple[float, float]

    def line(self) -> str:
        (p50, p99), (half, last) = self.one, self.everybody
        return f"{self.name:24}{self.streams:>8,}{self.memory:>9.1f}{p50:>10.1f}{p99:>10.1f}{half:>12.0f}{last:>10.0f}"


class Open(asyncio.Protocol):
    """A browser that notes the newest it was told."""

    def __init__(self) -> None:
        self.seen, self.told = 0, asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        for part in data.split(b'"revision":')[1:]:
            self.seen = int(part.split(b",", 1)[0])
            self.told.set()

    async def until(self, revision: int) -> float:
        """The moment at which it was told."""
        while self.seen < revision:
            self.told.clear()
            await self.told.wait()
        return time.perf_counter()


async def opened(port: int, path: str, customer: int) -> Open:
    transport, stream = await asyncio.get_running_loop().create_connection(Open, HOST, port)
    transport.write(request(path, cookie=f"s{customer}"))
    await stream.until(1)
    return stream


async def measured(name: str, served: tuple[int, int], path: str, change: Change, asked: Namespace) -> Figures:
    port, process = served
    warm = [await opened(port, path, customer) for customer in range(1, WARM + 1)]
    before, streams, numbers = _own_memory(process), list[Open](), iter(range(WARM + 1, WARM + asked.streams + 1))
    while some := list(islice(numbers, 50)):
        streams += await asyncio.gather(*(opened(port, path, customer) for customer in some))
    await asyncio.sleep(1)
    memory = (_own_memory(process) - before) / len(streams) / 1000
    one = [await _one(streams, change, random.Random(n)) for n in range(asked.changes)]
    wanted = [stream.seen + 1 for stream in streams]
    begun = await change(0)
    told = await asyncio.gather(*(stream.until(want) for stream, want in zip(streams, wanted, strict=True)))
    for stream in (*warm, *streams):
        stream.transport.close()
    await asyncio.sleep(1)  # until the server knows
    return Figures(name, len(streams), memory, _spread(one, 0.99), _spread([(at - begun) * 1000 for at in told], 1))


async def _one(streams: Sequence[Open], change: Change, chance: random.Random) -> float:
    await asyncio.sleep(chance.random() / 10)
    number = chance.randrange(len(streams))
    wanted = streams[number].seen + 1
    begun = await change(number + WARM + 1)
    async with asyncio.timeout(30):
        return (await streams[number].until(wanted) - begun) * 1000


def _spread(values: list[float], most: float) -> tuple[float, float]:
    values.sort()
    return values[len(values) // 2], values[min(int(len(values) * most), len(values) - 1)]


def _own_memory(process: int) -> int:
    """Bytes that are neither shared nor mapped from files."""
    pages = Path(f"/proc/{process}/statm").read_text().split()
    return (int(pages[1]) - int(pages[2])) * os.sysconf("SC_PAGE_SIZE")


class Rows:
    """The database from beside the server."""

    def __init__(self, database: databases.Database, people: int) -> None:
        self.database, self.people = database, people

    async def open(self) -> None:
        if self.database.kind == "sqlite":
            self.lite = sqlite3.connect(self.database.place / "comptoir.db", timeout=30, isolation_level=None)
        else:
            self.pg = await asyncpg.connect(self.database.url)
        await self._run("BEGIN")
        for n in range(1, self.people + 1):
            await self._run(
                "INSERT INTO customers (id, email, name, revision, unread, created_at) "
                f"VALUES ({n}, 'c{n}@bench.example', '', 1, 0, '{NOW}')"
            )
            await self._run(
                "INSERT INTO sessions (customer, token_hash, created_at, seen_at, expires_at) "
                f"VALUES ({n}, '{hash_token(f's{n}')}', '{NOW}', '{LATER}', '{LATER}')"
            )
        await self._run("COMMIT")

    async def change(self, customer: int) -> float:
        await self._run("BEGIN")
        await self._run(f"{RAISE} WHERE id = {customer}" if customer else RAISE)
        begun = time.perf_counter()
        await self._run("COMMIT")
        return begun

    async def _run(self, sql: str) -> None:
        if self.database.kind == "sqlite":
            self.lite.execute(sql)
        else:
            await self.pg.execute(sql)


async def limit(served: tuple[int, int], asked: Namespace) -> Figures:
    """What nothing can be better than on this machine: ASGI that keeps `send`, counts and tells, without app or database."""
    teller = Open()
    await asyncio.get_running_loop().create_connection(lambda: teller, HOST, served[0])

    async def change(customer: int) -> float:
        begun = time.perf_counter()
        teller.transport.write(request(f"/bench/tell/{customer}"))  # type: ignore[attr-defined]
        return begun

    return await measured("raw ASGI that counts", served, "/bench/stream", change, asked)


async def measure(asked: Namespace, server: str) -> list[Figures]:
    found = []
    for kind in asked.databases.split(","):
        if kind == "postgresql" and not server:
            print("NOT MEASURED: PostgreSQL is not on this machine", file=sys.stderr)
            continue
        with databases.fresh(kind, server, "bench_streams") as database:
            database.run("app", "migrate")
            rows = Rows(database, WARM + asked.streams)
            await rows.open()
            async with databases.served(database) as served:
                found.append(await measured(kind, served, "/live", rows.change, asked))
            async with databases.served(database) as served:
                found.append(await limit(served, asked))
    return found


def main() -> int:
    parser = ArgumentParser("python -m tests.benchmarks.streams", description=__doc__)
    parser.add_argument("--streams", type=int, default=1_000)
    parser.add_argument("--changes", type=int, default=200)
    parser.add_argument("--databases", default="sqlite,postgresql", metavar="NAME,NAME")
    asked = parser.parse_args()
    with (
        databases.postgres("postgresql" in asked.databases) as server,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop,
    ):
        found = loop.run(measure(asked, server))
    print(f"{'told, in ms':24}{'streams':>8}{'kB each':>9}{'one: p50':>10}{'p99':>10}{'all: half':>12}{'last':>10}")
    for figures in found:
        print(figures.line())
    met = all(figures.memory <= MEMORY for figures in found)
    print(f"memory of a stream ≤ {MEMORY} kB: {'met' if met else 'MISSED'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
