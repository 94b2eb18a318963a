"""What a desk still has to do about refunds, the oldest deadline first; and what the operator hears of."""

import asyncio
import time
from datetime import timedelta

import pytest

from app import clock, db
from app.i18n import Voice
from app.ingest.snapshot import Payment
from app.orders import refund_sending, refund_steps, refunding, refunds_waiting
from app.worker import Worker
from tests import builders
from tests.builders import NIA
from tests.payments.conftest import PATIENCE, Shop, by_stripe
from tests.payments.steps import MO_STAFF, ask, paid, refunds

ENGLISH = Voice("en")


async def waiting(merchant: int) -> list[tuple[str, str, bool]]:
    found = await refunds_waiting.of_merchant(merchant, ENGLISH)
    return [(one.card.amount, one.card.waits, one.can_retry) for one in found]


async def test_a_desk_sees_what_it_has_to_decide_pay_and_try_again() -> None:
    order = await paid()
    soon, late = clock.now() + timedelta(days=1), clock.now() + timedelta(days=9)
    await ask(order["id"], 100, due_at=late)
    (by_hand,) = await ask(order["id"], 200, due_at=soon, approved=True)
    (failed,) = await ask(order["id"], 300, approved=True)
    await refund_steps.fail(failed, by=MO_STAFF, reason="Account closed")
    (declined,) = await ask(order["id"], 400)
    await refund_steps.fail(declined, by=MO_STAFF, reason="No")
    mo = order["merchant"]
    assert await waiting(mo) == [("€2.00", "payment", False), ("€1.00", "decision", False), ("€3.00", "", True)]
    assert await waiting(await builders.merchant(NIA)) == []
    await refund_steps.record_reference(by_hand, "R", by=MO_STAFF)
    again = await refunding.again(failed, by=MO_STAFF)
    assert await waiting(mo) == [("€1.00", "decision", False), ("€3.00", "payment", False)]
    await refund_steps.record_reference(again, "R", by=MO_STAFF)
    (one,) = await refunds_waiting.of_merchant(mo, ENGLISH)
    assert (one.order, one.number, one.address, one.customer) == (order["id"], "1001", order["address"], "Alice Martin")


async def test_what_a_provider_does_not_take_is_seen_with_its_fault(shop: Shop) -> None:
    order, _payment = await by_stripe(shop)
    await ask(order["id"], 1250, approved=True)
    assert await waiting(order["merchant"]) == []  # it is on its way
    shop.next(fail=1, code=401)
    await refund_sending.send_due()
    assert await waiting(order["merchant"]) == [("€12.50", "provider", False)]
    assert await refunds_waiting.stuck() == []
    await db.execute("UPDATE refunds SET approved_at = {}", clock.now() - timedelta(hours=2))
    (stuck,) = await refunds_waiting.stuck()
    assert (stuck["slug"], "AuthenticationError" in stuck["last_error"]) == ("atelier-mo", True)


async def test_the_worker_sends_what_is_approved(shop: Shop) -> None:
    order, payment = await by_stripe(shop)
    await ask(order["id"], 1250, approved=True)

    end = time.monotonic() + PATIENCE
    async with Worker():
        while (await refunds())[0]["state"] != "succeeded":
            assert time.monotonic() < end
            await asyncio.sleep(0.01)
    assert len(shop.refunds(payment)) == 1


@pytest.mark.skipif(not db.ON_SQLITE, reason="PostgreSQL scans small tables whatever indexes there are")
async def test_what_is_due_and_what_waits_is_found_by_an_index() -> None:
    for sql, index in ((refund_sending.DUE, "refunds_on_their_way"), (refunds_waiting.WAITING, "refunds_that_wait")):
        plan = await db.rows(f"EXPLAIN QUERY PLAN {sql}", 1 if "merchant" in sql else clock.now(), 5)
        assert index in str([row["detail"] for row in plan])


async def test_a_payment_without_a_reference_waits_for_a_person(shop: Shop) -> None:
    order = await paid(payments=[Payment(kind="card", amount=5290)])
    await ask(order["id"], 100, approved=True)
    assert await refund_sending.send_due() == 0
    assert await waiting(order["merchant"]) == [("€1.00", "payment", False)]
