"""The loop: soon after a commit people are told and it is sent; it stops when told to, with what it is sending finished."""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence

import asyncpg
import pytest

from app import clock, db, worker
from app.events import unnoticed
from app.events.actions import record
from app.events.unnoticed import Heard
from app.notifications import actions, sending, ways
from app.notifications.channels import Due
from app.worker import Worker
from tests import builders
from tests.notifications.steps import Sink, deliveries, notifications, told


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Sink:
    sink = Sink()
    monkeypatch.setattr(ways, "CHANNELS", {"email": sink})
    return sink


async def until(true: Callable[[], Awaitable[object]]) -> None:
    end = time.monotonic() + 20
    while not await true():
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


async def sent() -> bool:
    return [one["state"] for one in await deliveries()] == ["sent"]


async def refund() -> None:
    await record("refund_succeeded", customer=await builders.customer(), order=5)


async def test_what_happens_is_told_and_sent_by_itself(mail: Sink) -> None:
    async with Worker():
        await refund()
        await until(sent)
    assert [due.person.email for due in mail.got] == [builders.ALICE]


async def test_an_event_that_cannot_be_told_keeps_nobody_busy_while_it_waits(mail: Sink) -> None:
    await refund()
    (row,) = await db.rows("SELECT id FROM events")
    assert await unnoticed.waiting()
    await unnoticed.put_aside(row["id"], "it is not readable")
    assert not await unnoticed.waiting()
    await db.execute("UPDATE event_faults SET next_try_at = {}", clock.now())
    assert await unnoticed.waiting()


async def test_a_fault_of_the_database_cancels_nothing_that_is_on_its_way(mail: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would arrive, be marked by nobody and go out again."""
    real, begun, arrive = sending.claim, asyncio.Event(), asyncio.Event()

    async def slow(due: Due) -> None:
        begun.set()
        await arrive.wait()
        mail.got.append(due)

    async def claim(way: str, most: int) -> list[Due]:
        if begun.is_set() and not arrive.is_set():
            asyncio.get_running_loop().call_later(0.05, arrive.set)
            raise sqlite3.OperationalError("database is locked")
        return await real(way, most)

    monkeypatch.setattr(mail, "send", slow)
    monkeypatch.setattr(sending, "claim", claim)
    async with Worker():
        await refund()
        await until(sent)
    assert len(mail.got) == 1


async def test_it_goes_on_after_a_fault(mail: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the database is started again under it."""
    real, faults = sending.claim, iter([ConnectionError("gone"), OSError("gone")])

    async def claim(way: str, most: int) -> list[Due]:
        if fault := next(faults, None):
            raise fault
        return await real(way, most)

    monkeypatch.setattr(sending, "claim", claim)
    monkeypatch.setattr(worker, "AFTER_A_FAULT", 0.01)
    async with Worker():
        await refund()
        await until(sent)


def locked() -> Exception:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return error


PASSING = (
    ConnectionResetError(), asyncpg.DeadlockDetectedError("deadlock detected"), asyncpg.SerializationError("not serializable"),
    asyncpg.ConnectionDoesNotExistError("closed in the middle"), asyncpg.AdminShutdownError("terminating"), locked(),
    asyncpg.InterfaceError("cannot call Transaction.rollback(): the underlying connection is closed"),
)  # fmt: skip


@pytest.mark.parametrize("fault", PASSING, ids=lambda fault: type(fault).__name__)
@pytest.mark.parametrize("alone", [False, True])
async def test_a_fault_of_the_database_is_counted_against_no_event(
    mail: Sink, monkeypatch: pytest.MonkeyPatch, fault: Exception, alone: bool
) -> None:
    """Nor while each is tried by itself, because one of them is bad."""
    faults = iter([ValueError("of one of them"), fault] if alone else [fault])
    real = actions.notify

    async def notify(events: Sequence[Heard]) -> None:
        if raised := next(faults, None):
            raise raised
        await real(events)

    monkeypatch.setattr(actions, "notify", notify)
    await refund()
    await refund()
    with pytest.raises(type(fault)):
        await worker.notice()
    assert await db.rows("SELECT * FROM event_faults") == []
    assert await worker.notice() == 2
    assert len(await notifications()) == 2


@pytest.mark.parametrize("fault", [asyncpg.UniqueViolationError("twice"), asyncpg.InterfaceError("expects 2 arguments"),
                                   sqlite3.IntegrityError("twice"), sqlite3.OperationalError("no such column")])  # fmt: skip
async def test_what_the_database_does_not_take_is_the_events_own_fault(
    mail: Sink, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    async def notify(events: Sequence[Heard]) -> None:
        raise fault

    monkeypatch.setattr(actions, "notify", notify)
    await refund()
    assert await worker.notice() == 1
    assert [row["attempts"] for row in await db.rows("SELECT attempts FROM event_faults")] == [1]


@pytest.mark.skipif(db.ON_SQLITE, reason="a file has no connections to lose")
async def test_a_connection_that_is_lost_under_a_batch_costs_no_event_anything(
    mail: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, ends = actions.notify, iter([True])

    async def notify(events: Sequence[Heard]) -> None:
        if next(ends, False):
            await db.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        await real(events)

    monkeypatch.setattr(actions, "notify", notify)
    monkeypatch.setattr(worker, "AFTER_A_FAULT", 0.01)
    await refund()
    async with Worker():
        await until(sent)
    assert await db.rows("SELECT * FROM event_faults") == []


async def test_what_is_being_sent_is_finished_before_it_stops(mail: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = asyncio.Event()

    async def send(due: Due) -> None:
        begun.set()
        await asyncio.sleep(0.3)

    monkeypatch.setattr(mail, "send", send)
    await refund()
    async with Worker():
        await asyncio.wait_for(begun.wait(), 20)
    assert await sent()


async def test_what_takes_too_long_is_left_to_the_next_one(mail: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = asyncio.Event()

    async def send(due: Due) -> None:
        begun.set()
        await asyncio.sleep(600)

    monkeypatch.setattr(mail, "send", send)
    monkeypatch.setattr(worker, "PATIENCE", 0.1)
    await refund()
    async with Worker():
        await asyncio.wait_for(begun.wait(), 20)
    (left,) = await deliveries()
    assert (left["state"], left["attempts"]) == ("waiting", 1)
    assert left["next_try_at"] > clock.now()


async def test_a_slow_one_does_not_hold_up_the_others(mail: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    slow, got = asyncio.Event(), []

    async def send(due: Due) -> None:
        if not got and not slow.is_set():
            slow.set()
            await asyncio.sleep(600)
        got.append(due.id)

    monkeypatch.setattr(mail, "send", send)
    monkeypatch.setattr(worker, "PATIENCE", 0.1)
    async with Worker():
        await refund()
        await asyncio.wait_for(slow.wait(), 20)
        await refund()

        async def second() -> bool:
            return len(got) == 1

        await until(second)


async def test_a_merchants_systems_hear_of_it_in_the_same_transaction(mail: Sink) -> None:
    order = await builders.order(placed_at=clock.now())
    endpoint = {"merchant": order["merchant"], "url": "https://shop.example/hook", "secret": "", "created_at": clock.now()}
    await db.insert("webhook_endpoints", [endpoint])
    await told()
    kinds = [row["kind"] for row in await db.rows("SELECT kind FROM webhook_deliveries ORDER BY id")]
    assert "order_placed" in kinds
    assert [one["kind"] for one in await notifications()] == ["order_placed"]


async def test_a_chore_that_fails_does_not_keep_the_others_from_being_done() -> None:
    done: list[str] = []

    async def fails() -> None:
        raise ZeroDivisionError

    async def works() -> None:
        done.append("yes")

    await worker.do((fails, works))
    assert done == ["yes"]
