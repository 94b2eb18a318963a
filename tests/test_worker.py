"""The loop: soon after a commit people are told and it is sent; it stops when told to, with what it is sending finished."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from app import clock, db, worker
from app.events.actions import record
from app.notifications import sending, ways
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
