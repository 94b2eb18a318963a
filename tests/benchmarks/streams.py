"""What an open page costs, and how soon it shows what happened: a thousand streams on the real server with its worker, and
on raw ASGI that only counts."""

import asyncio
import os
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from msgspec import Struct

from tests.benchmarks.client import HOST, request
from tests.benchmarks.databases import Database, served
from tests.benchmarks.listening import PATIENCE, Open, opened
from tests.benchmarks.recording import recorder

WARM = 20  # streams that are opened first: what they load is not the others' cost
SETTLED = 2.0  # seconds after the start: the worker has done its first chores
# Something happens to one person, or (0) to everybody: the moments before its commit, and when a notification could be read.
Change = Callable[[int], Awaitable[tuple[float, float]]]
Spread = tuple[float, float]


class Figures(Struct):
    """`memory`: kB of the server's own for each stream. Milliseconds from a commit: `written` until the notification could be
    read (raw ASGI writes nothing), `seen` until the browser was told, each half of the times and 99 of 100; `everybody` of a
    change for all at once, until half have heard, and the last."""

    memory: float
    written: Spread
    seen: Spread
    everybody: Spread


class Streams(Struct):
    """`ours` and its limit, with as many open in the same run. `said`: milliseconds from before a seller's answer is posted
    until its customer's open page counts it."""

    open: int
    events: int
    ours: Figures
    raw: Figures
    said: Spread = (0.0, 0.0)


async def measured(database: Database, streams: int, events: int) -> Streams:
    """On a fresh database. The events concern as many different people."""
    database.run("app", "migrate")
    async with recorder(database, WARM + streams) as beside, served(database, worker=True) as server:
        await asyncio.sleep(SETTLED)
        ours = await _measured(server, "/live", beside.record, (streams, events))
        said = await _messages(server[0], beside.record, (streams, events))
    async with served(database) as server:
        raw = await _measured(server, "/bench/stream/{}", await _teller(server[0]), (streams, events))
    return Streams(streams, events, ours, raw, said)


async def _measured(server: tuple[int, int], path: str, change: Change, counts: tuple[int, int]) -> Figures:
    (port, process), (count, events) = server, counts
    warm = await opened(port, path, range(1, WARM + 1))
    for n, stream in enumerate(warm, 1):
        await _one(stream, change, n)
    before = _own_memory(process)
    streams = await opened(port, path, range(WARM + 1, WARM + count + 1))
    await asyncio.sleep(1)
    memory = (_own_memory(process) - before) / count / 1000
    chosen = random.Random(count).sample(range(count), events)
    times = [await _one(streams[n], change, WARM + 1 + n) for n in chosen]
    everybody = await _everybody(streams, change)
    for stream in (*warm, *streams):
        stream.transport.close()
    await asyncio.sleep(1)  # until the server knows
    written, seen = zip(*times, strict=True)
    return Figures(memory, _spread(written), _spread(seen), _spread(everybody, 1))


async def _messages(port: int, change: Change, counts: tuple[int, int]) -> Spread:
    """Of as many people's conversations, with all the streams open."""
    count, events = counts
    streams = await opened(port, "/live", range(WARM + 1, WARM + count + 1))
    times = []
    for n in random.Random(count).sample(range(count), events):
        await asyncio.sleep(random.random() / 10)
        told = asyncio.create_task(streams[n].until(threads=streams[n].threads + 1))
        before, _ = await change(-(WARM + 1 + n))
        async with asyncio.timeout(PATIENCE):
            times.append((await told - before) * 1000)
    for stream in streams:
        stream.transport.close()
    return _spread(times)


async def _one(stream: Open, change: Change, person: int) -> tuple[float, float]:
    """Who is told of a notification has one more unread."""
    await asyncio.sleep(random.random() / 10)  # not always at the same moment between two looks of the worker
    told = asyncio.create_task(stream.until(unread=stream.unread + 1))
    before, written = await change(person)
    async with asyncio.timeout(PATIENCE):
        return (written - before) * 1000, (await told - before) * 1000


async def _everybody(streams: Sequence[Open], change: Change) -> list[float]:
    told = [asyncio.create_task(stream.until(revision=stream.revision + 1)) for stream in streams]
    await asyncio.sleep(0.5)  # they wait, all of them
    before, _ = await change(0)
    async with asyncio.timeout(PATIENCE):
        return [(at - before) * 1000 for at in await asyncio.gather(*told)]


def _spread(times: Sequence[float], most: float = 0.99) -> Spread:
    values = sorted(times)
    return values[len(values) // 2], values[min(int(len(values) * most), len(values) - 1)]


async def _teller(port: int) -> Change:
    """Raw ASGI tells the Nth stream what comes next when it is asked to: nothing is written before."""
    teller = Open()
    await asyncio.get_running_loop().create_connection(lambda: teller, HOST, port)

    async def change(number: int) -> tuple[float, float]:
        before = time.perf_counter()
        teller.transport.write(request(f"/bench/tell/{number}"))  # type: ignore[attr-defined]
        return before, before

    return change


def _own_memory(process: int) -> int:
    """Bytes that are neither shared nor mapped from files."""
    pages = Path(f"/proc/{process}/statm").read_text().split()
    return (int(pages[1]) - int(pages[2])) * os.sysconf("SC_PAGE_SIZE")
