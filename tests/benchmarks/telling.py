"""How soon people are told: from an event's commit until its notification can be read, and what a worker costs that waits."""

import asyncio
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from statistics import quantiles
from typing import Any

import asyncpg
from msgspec import Struct

from tests.benchmarks.cpu import spent
from tests.benchmarks.databases import ROOT, Database

CUSTOMERS = 200
SINGLE, TOGETHER = 200, 5_000  # events one by one, and all at once
IDLE = 5.0  # seconds
PATIENCE = 120.0
Ask = Callable[[str], Coroutine[Any, Any, list[Any]]]


class Told(Struct):
    """`p50` and `p99` are milliseconds; `rate` are events a second when many come at once; `idle` is the part of one CPU that a
    worker takes while nothing happens."""

    p50: float
    p99: float
    rate: float
    idle: float


async def measured(database: Database) -> Told:
    """On a fresh database, with a worker of its own, no channel open."""
    database.run("app", "migrate")
    ask = _sqlite(database) if database.kind == "sqlite" else await _postgres(database)
    at = datetime.now(UTC)
    people = ", ".join(f"('b{n}@bench.example', '', '', '', '', 1, '', '', '{at}')" for n in range(CUSTOMERS))
    await ask(
        "INSERT INTO customers (email, name, locale, time_zone, password_hash, revision, order_years, order_merchants, "
        f"created_at) VALUES {people}"
    )
    worker = subprocess.Popen(
        [sys.executable, "-m", "app", "worker"], env=database.environment, cwd=ROOT, stdout=subprocess.PIPE
    )
    try:
        assert worker.stdout is not None
        worker.stdout.readline()
        await asyncio.sleep(1)  # its first chores
        idle = await _idle(worker.pid)
        waits = [await _one(ask) for _ in range(SINGLE)]
        rate = await _many(ask)
    finally:
        worker.terminate()
        worker.wait(30)
    cuts = quantiles(waits, n=100)
    return Told(cuts[49] * 1000, cuts[98] * 1000, rate, idle)


async def _idle(process: int) -> float:
    before, begun = spent(process), time.monotonic()
    await asyncio.sleep(IDLE)
    return (spent(process) - before) / (time.monotonic() - begun)


async def _one(ask: Ask) -> float:
    await asyncio.sleep(random.uniform(0.01, 0.12))
    (row,) = await ask(f"{_events(1)} RETURNING id")
    begun = time.monotonic()
    while not await ask(f"SELECT 1 FROM notifications WHERE event = {row[0]}"):
        assert time.monotonic() - begun < PATIENCE
        await asyncio.sleep(0.001)
    return time.monotonic() - begun


async def _many(ask: Ask) -> float:
    await ask(_events(TOGETHER))
    begun = time.monotonic()
    while await ask("SELECT 1 FROM events WHERE noticed_at IS NULL LIMIT 1"):
        assert time.monotonic() - begun < PATIENCE
        await asyncio.sleep(0.005)
    return TOGETHER / (time.monotonic() - begun)


def _events(count: int) -> str:
    at = datetime.now(UTC)
    rows = ", ".join(
        f"('refund_succeeded', {random.randrange(CUSTOMERS) + 1}, 7, '{at}', '{at}', '{{}}')" for _ in range(count)
    )
    return f'INSERT INTO events (kind, customer, "order", at, recorded_at, data) VALUES {rows}'


def _sqlite(database: Database) -> Ask:
    connection = sqlite3.connect(database.place / "comptoir.db", timeout=30, isolation_level=None)

    async def ask(sql: str) -> list[Any]:
        return connection.execute(sql).fetchall()

    return ask


async def _postgres(database: Database) -> Ask:
    connection = await asyncpg.connect(database.url)

    async def ask(sql: str) -> list[Any]:
        return list(await connection.fetch(sql))

    return ask
