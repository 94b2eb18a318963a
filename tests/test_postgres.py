"""What PostgreSQL's connections go through: more tasks than connections, cancelled queries, a server that ends them."""

import asyncio

import asyncpg
import pytest

from app import db
from app.postgres import PooledPostgresEngine
from tests import builders

pytestmark = pytest.mark.skipif(db.ON_SQLITE, reason="there are no connections to PostgreSQL on SQLite")


def engine() -> PooledPostgresEngine:
    assert isinstance(db.ENGINE, PooledPostgresEngine)
    return db.ENGINE


async def answers() -> bool:
    row = await db.one("SELECT 1 AS n")
    return row is not None and row["n"] == 1


async def test_more_tasks_than_connections_all_come_to_an_end_though_some_are_cancelled() -> None:
    async def read(n: int) -> int:
        row = await db.one("SELECT {}::int AS n, pg_sleep(0.002)", n)
        assert row is not None
        return row["n"]

    for _ in range(5):
        tasks = [asyncio.create_task(read(n)) for n in range(60)]
        await asyncio.sleep(0.004)
        for task in tasks[::3]:
            task.cancel()
        async with asyncio.timeout(10):
            found = await asyncio.gather(*tasks, return_exceptions=True)
        assert [n for n in found if isinstance(n, int)] == [n for n in range(60) if isinstance(found[n], int)]
        assert len([n for n in found if isinstance(n, int)]) >= 40
    assert 1 <= len(engine().at_hand) <= engine().pool.get_size() <= 10
    assert engine().waiting == 0


async def test_readers_and_transactions_share_the_same_connections() -> None:
    customer = await builders.customer()

    async def write() -> None:
        async with db.transaction():
            await db.execute("UPDATE customers SET revision = revision + 1 WHERE id = {}", customer)

    async def read() -> None:
        await db.one("SELECT revision FROM customers WHERE id = {}", customer)

    async with asyncio.timeout(20):
        await asyncio.gather(*(work() for _ in range(60) for work in (read, write)))
    row = await db.one("SELECT revision FROM customers WHERE id = {}", customer)
    assert row is not None
    assert row["revision"] == 61


async def test_connections_that_the_server_has_ended_are_not_used_again() -> None:
    await asyncio.gather(*(db.one("SELECT pg_sleep(0.01)") for _ in range(5)))
    assert engine().at_hand
    other = await asyncpg.connect(engine().config["dsn"])
    await other.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await other.close()
    await asyncio.sleep(0.1)  # until the ends have come in
    assert await answers()


async def test_a_statement_that_fails_spoils_no_connection() -> None:
    for _ in range(25):
        with pytest.raises(asyncpg.PostgresError):
            await db.rows("SELECT 1 / {}::int", 0)
    assert await answers()


async def test_a_pool_closes_while_somebody_still_reads_and_opens_again() -> None:
    reading = asyncio.create_task(db.one("SELECT 1 AS n, pg_sleep(0.2)"))
    await asyncio.sleep(0.05)
    async with asyncio.timeout(5):
        await db.close_pool()
    assert (await reading) is not None
    await db.open_pool()
    assert await answers()
