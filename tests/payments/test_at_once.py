"""Fifty who ask at once, and two people at the desk who do the same: the money goes once."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any

import pytest

from app import db
from app.errors import Invalid, Refused
from app.ingest import actions
from app.ingest.snapshot import Amendment, Payment, Refund
from app.orders import refund_steps, refunding
from app.orders.refunding import Credit, Wanted
from tests import builders
from tests.builders import MO, snapshot
from tests.payments.steps import GIFT, MO_STAFF, VISA, ask, kinds, of_price, order_row, paid, refunds, within

AT = datetime(2026, 11, 9, tzinfo=UTC)


async def at_once(*doing: Coroutine[Any, Any, Any]) -> list[Any]:
    """Answers and errors; only those a verb may raise."""
    outcomes = await asyncio.gather(*doing, return_exceptions=True)
    strange = [it for it in outcomes if isinstance(it, BaseException) and not isinstance(it, Invalid | Refused)]
    assert strange == []
    return outcomes


@pytest.mark.parametrize(("payments", "parts"), [
    ([VISA, GIFT], 52), ([Payment(kind="card"), Payment(kind="paypal")], 52), ([], 52), ([VISA], 30),
])  # fmt: skip
async def test_fifty_who_ask_at_once_get_no_more_than_was_paid(payments: list[Payment], parts: int) -> None:
    order = await paid(payments=payments)
    outcomes = await at_once(*(ask(order["id"], 100, approved=n % 2 == 0) for n in range(56)))
    assert sum(not isinstance(it, Exception) for it in outcomes) == parts
    await within()


@pytest.mark.parametrize("currency", ["JPY", "KWD"])
async def test_fifty_of_whatever_decimals(currency: str) -> None:
    order = await of_price(1001, currency)
    await at_once(*(ask(order["id"], 100 + n) for n in range(50)))
    await within()
    left = 1001 - sum(row["amount"] for row in await refunds())
    assert 0 <= left < 150


async def test_whoever_asks_at_once_and_by_whichever_way() -> None:
    """Two at the desk, a program, the customer's request, store credit, and a webhook of the shop's own refund."""
    order = await paid()
    news = Amendment(
        source="test", merchant=MO, external_id="1001", refunds=[Refund(id="shop-1", amount=290, at=AT, kind="gift_card")]
    )
    doing = [ask(order["id"], 1000, by=by) for by in ("member:5", "member:6", "api:3", "customer:1", "system") * 2]
    doing += [refunding.request(order["id"], Wanted(credit=Credit(amount=1000, bonus=9)), by="member:5", approved=True)] * 1
    await at_once(*doing[:6], actions.record_all([news], history=False), *doing[6:])
    assert sum(row["amount"] for row in await refunds()) <= 5290
    await within()


async def test_the_same_form_sent_fifty_times_asks_once() -> None:
    order = await paid()
    made = await at_once(*(ask(order["id"], 1000, key="form-7", approved=True) for _ in range(50)))
    assert len({tuple(it) for it in made}) == 1
    assert len(await refunds()) == 1
    assert await kinds() == ["refund_requested", "refund_approved"]


async def test_two_at_the_desk_who_approve_pay_and_decline_at_once_leave_one_end() -> None:
    for n in range(6):
        order = await paid(f"{n}")
        (number,) = await ask(order["id"], 1000, approved=n % 2 == 0)
        await at_once(
            refund_steps.approve(number, by="member:5"), refund_steps.approve(number, by="member:6"),
            refund_steps.fail(number, by="member:5", reason="No"),
            refund_steps.record_reference(number, "A", by="member:5"),
            refund_steps.record_reference(number, "B", by="member:6"),
        )  # fmt: skip
        (row,) = await db.rows("SELECT state FROM refunds WHERE id = {}", number)
        assert row["state"] in ("pending", "succeeded", "failed")
        told = await db.rows("SELECT kind FROM events WHERE \"order\" = {} AND kind LIKE 'refund%'", order["id"])
        ended = [it["kind"] for it in told if it["kind"] in ("refund_succeeded", "refund_failed")]
        assert ended == {"succeeded": ["refund_succeeded"], "failed": ["refund_failed"], "pending": []}[row["state"]]
        assert [it["kind"] for it in told].count("refund_approved") <= 1
        assert (await order_row(order["id"]))["refunded"] == (1000 if row["state"] == "succeeded" else 0)


async def test_a_failed_one_that_everybody_tries_again_is_tried_once() -> None:
    order = await paid()
    (number,) = await ask(order["id"], 3000, approved=True)
    await refund_steps.fail(number, by=MO_STAFF, reason="Closed")
    assert len(set(await at_once(*(refunding.again(number, by=MO_STAFF) for _ in range(20))))) == 1
    assert len(await refunds()) == 2
    await within()


async def test_the_shop_reports_ours_while_it_is_being_paid_by_hand() -> None:
    for n in range(6):
        order = await paid(f"{n}")
        (number,) = await ask(order["id"], 1000, approved=True)
        reported = Refund(id=f"shop-{n}", amount=1000, at=AT, kind="card")
        await at_once(
            refund_steps.record_reference(number, "SEPA", by=MO_STAFF),
            actions.record_all([Amendment(source="test", merchant=MO, external_id=f"{n}", refunds=[reported])], history=False),
        )  # fmt: skip
        assert (await order_row(order["id"]))["refunded"] == 1000
        rows = await db.rows('SELECT id, state FROM refunds WHERE "order" = {}', order["id"])
        assert [(row["id"], row["state"]) for row in rows] == [(number, "succeeded")]
    assert (await kinds()).count("refund_succeeded") == 6


async def test_money_is_asked_for_while_the_order_comes_in_again() -> None:
    order = await paid()
    again = [snapshot(payments=[VISA, GIFT], note=str(n)) for n in range(5)]
    await at_once(
        *(ask(order["id"], 1000, approved=True) for _ in range(8)), *(actions.record_all([one]) for one in again),
    )  # fmt: skip
    assert [row["amount"] for row in await refunds()].count(1000) >= 4
    assert {row["payment"] for row in await refunds()} == {row["id"] for row in await db.rows("SELECT id FROM payments")}
    await within()


async def test_the_database_itself_refuses_more_than_a_payment_brought() -> None:
    """Whatever forgets to look: written past the verbs, one after the other and all at once."""
    order = await paid()
    (number,) = await ask(order["id"], 2000)
    card = (await refunds())[0]["payment"]
    with pytest.raises(Exception, match="more would be given back"):
        await db.execute("UPDATE refunds SET amount = 3001 WHERE id = {}", number)

    async def past(amount: int) -> None:
        about = {"order": order["id"], "position": 9, "external_id": "x", "kind": "card", "state": "requested"}
        await db.insert("refunds", [{**about, "amount": amount, "payment": card, "origin": "counter"}])

    outcomes = await asyncio.gather(*(past(300) for _ in range(10)), return_exceptions=True)
    assert sum(it is None for it in outcomes) == 3
    await db.execute("UPDATE refunds SET state = 'failed' WHERE id = {}", number)
    await past(2000)
    with pytest.raises(Exception, match="more would be given back"):
        await db.execute("UPDATE refunds SET state = 'pending' WHERE id = {}", number)
    await within()
    assert await builders.customer() == order["customer"]
