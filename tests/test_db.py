"""Transactions hold whatever happens to the tasks in them; both engines alike."""

import asyncio
import os
import random

import pytest

from app import db
from tests import builders


async def revision(customer: int) -> int:
    row = await db.one("SELECT revision FROM customers WHERE id = {}", customer)
    assert row is not None
    return row["revision"]


async def test_a_raise_rolls_back_all_of_it_also_what_an_inner_verb_did() -> None:
    customer = await builders.customer()

    async def outer() -> None:
        async with db.transaction():
            await db.execute("UPDATE customers SET revision = 7 WHERE id = {}", customer)
            async with db.transaction():
                await db.execute("UPDATE customers SET name = {} WHERE id = {}", "x", customer)
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await outer()
    row = await db.one("SELECT revision, name FROM customers WHERE id = {}", customer)
    assert row is not None
    assert (row["revision"], row["name"]) == (1, "Alice Martin")


@pytest.mark.parametrize("wrong", ["SELECT nothing FROM nowhere", None])
async def test_a_part_that_goes_wrong_is_undone_alone(wrong: str | None) -> None:
    customer = await builders.customer()

    async def part(revision: int, *, fails: bool) -> None:
        async with db.undone_alone():
            await db.execute("UPDATE customers SET revision = {} WHERE id = {}", revision, customer)
            if fails and wrong:
                await db.execute(wrong)
            if fails:
                raise ValueError("no")

    async with db.transaction():
        await db.execute("UPDATE customers SET name = {} WHERE id = {}", "x", customer)
        await part(5, fails=False)
        with pytest.raises(Exception, match=r"no"):
            await part(7, fails=True)
        assert await revision(customer) == 5
        await part(6, fails=False)
        with pytest.raises(Exception, match=r"no"):
            await part(8, fails=True)
    row = await db.one("SELECT revision, name FROM customers WHERE id = {}", customer)
    assert row is not None
    assert (row["revision"], row["name"]) == (6, "x")


async def test_a_part_within_a_part_is_undone_with_it() -> None:
    customer = await builders.customer()

    async def inner() -> None:
        async with db.undone_alone():
            raise ValueError("inner")

    async def outer() -> None:
        async with db.undone_alone():
            await db.execute("UPDATE customers SET revision = 5 WHERE id = {}", customer)
            with pytest.raises(ValueError, match="inner"):
                await inner()
            raise ValueError("outer")

    async with db.transaction():
        with pytest.raises(ValueError, match="outer"):
            await outer()
    assert await revision(customer) == 1


async def test_a_transaction_reads_what_it_wrote_and_nobody_else_does() -> None:
    customer = await builders.customer()
    seen: list[int] = []
    written, looked = asyncio.Event(), asyncio.Event()

    async def onlooker() -> None:
        await written.wait()
        seen.append(await revision(customer))
        looked.set()

    task = asyncio.create_task(onlooker())
    async with db.transaction():
        await db.execute("UPDATE customers SET revision = 9 WHERE id = {}", customer)
        assert await revision(customer) == 9
        written.set()
        await looked.wait()
    await task
    assert seen == [1]


async def test_many_writers_at_once_lose_no_change_though_tasks_are_cancelled_and_fail() -> None:
    customer = await builders.customer()
    chance = random.Random(1)
    done = 0

    async def add(fails: bool) -> None:
        nonlocal done
        async with db.transaction():
            lock = f"SELECT revision FROM customers WHERE id = {{}}{db.FOR_UPDATE}"
            row = (await db.scan(lock, customer))[0]
            await db.execute("UPDATE customers SET revision = {} WHERE id = {}", row["revision"] + 1, customer)
            if fails:
                raise ValueError
        done += 1

    for _ in range(20):
        tasks = [asyncio.create_task(add(chance.random() < 0.2)) for _ in range(10)]
        await asyncio.sleep(chance.random() / 200)
        for task in chance.sample(tasks, 4):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    # A task cancelled between COMMIT and its own end has written and not counted: never the other way round.
    assert done <= await revision(customer) - 1 <= done + 80
    assert not db.ENGINE.transaction_exists()
    async with asyncio.timeout(5), db.transaction():
        await db.execute("UPDATE customers SET revision = 0 WHERE id = {}", customer)
    assert await revision(customer) == 0


async def test_many_rows_are_inserted_in_parts_below_the_engines_limit() -> None:
    customer = await builders.customer()
    records = [{"kind": "test", "customer": customer, "data": str(n)} for n in range(db.MOST_ARGUMENTS // 3 + 100)]
    for record in records:
        record |= {"at": builders.clock.now(), "recorded_at": builders.clock.now()}
    made = await db.insert("events", records, "id", "data")
    assert {row["data"] for row in made} == {record["data"] for record in records}


def test_placeholders_become_the_engines_own() -> None:
    text = db.for_engine("SELECT {} WHERE a = {}")
    assert text == ("SELECT ? WHERE a = ?" if db.ON_SQLITE else "SELECT $1 WHERE a = $2")


def test_the_database_is_the_one_that_was_asked_for() -> None:
    """Also in pytest's workers: what is meant for PostgreSQL must not quietly run on SQLite."""
    assert (not os.environ.get("POSTGRES_FOR_TESTS")) == db.ON_SQLITE
