"""Hears that something has changed for a customer, whichever process has changed it.

SQLite has a number that differs when another connection has committed anything: while somebody listens it is looked at ten
times a second. PostgreSQL says it itself: a trigger notifies the channel `customers` with the customer's id, when a
transaction that changed their revision or their unread notifications commits, or one of their sessions ends.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from app import db
from app.live import stopping
from app.live.hub import Hub, hub
from app.postgres import LOST, PooledPostgresEngine

log = logging.getLogger(__name__)
CHANNEL = "customers"
LOOK_EVERY = 0.1  # seconds
FIRST_WAIT, LONGEST_WAIT = 0.2, 10.0  # seconds before PostgreSQL is asked for another connection
PROBE_EVERY, PROBE_PATIENCE = 20, 10  # seconds: a connection that a firewall forgot tells nothing, and nothing of itself


@contextlib.asynccontextmanager
async def watching(over: Hub = hub) -> AsyncIterator[None]:
    """While the application serves. The hub may have been closed before, by another application of this process."""
    over.closed = False
    tasks = [asyncio.create_task(_for_ever(work, over)) for work in (Hub.answer, _beat, _hear)]
    try:
        with stopping.told_of_the_stop(over.close):
            yield
    finally:
        over.close()
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def _for_ever(work: Callable[[Hub], Awaitable[None]], over: Hub) -> None:
    """Whatever happens to it: a page that is told nothing any more would not know."""
    while True:
        try:
            await work(over)
        except Exception:
            log.exception("%s begins anew", work.__name__)
        await asyncio.sleep(LONGEST_WAIT)


async def _beat(over: Hub) -> None:
    second = 0
    while True:
        await asyncio.sleep(1)
        second += 1
        over.beat(second)


async def _hear(over: Hub) -> None:
    if isinstance(db.ENGINE, PooledPostgresEngine):
        await _listen(over, db.ENGINE)
    else:
        await _look(over)


async def _look(over: Hub) -> None:
    """SQLite: this thread's connection only reads, so that every change is another connection's."""
    seen: Any = None
    while True:
        await over.somebody.wait()
        row = await db.one("PRAGMA data_version")
        if row != seen:
            seen = row
            over.ask_all()
        await asyncio.sleep(LOOK_EVERY)


async def _listen(over: Hub, engine: PooledPostgresEngine) -> None:
    """PostgreSQL, on a connection of its own. What was said while there was none is asked for when there is one again."""
    wait = FIRST_WAIT
    while True:
        try:
            connection = await engine.get_new_connection()
            try:
                await connection.add_listener(CHANNEL, lambda _connection, _pid, _channel, said: over.changed(int(said)))
                over.ask_all()
                wait = FIRST_WAIT
                await _until_lost(connection)
            finally:
                connection.terminate()
        except LOST as error:
            log.warning("no news from the database (%s): asking again in %.1f s", error or type(error).__name__, wait)
        await asyncio.sleep(wait * random.uniform(0.7, 1))  # noqa: S311 - so that not all processes come at once
        wait = min(wait * 2, LONGEST_WAIT)


async def _until_lost(connection: Any) -> None:
    lost = asyncio.Event()
    connection.add_termination_listener(lambda _connection: lost.set())
    while not lost.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(lost.wait(), PROBE_EVERY)
        if not lost.is_set():
            await connection.execute("SELECT 1", timeout=PROBE_PATIENCE)
    log.warning("the database has ended the connection that news come by")
