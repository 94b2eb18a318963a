"""Refunds through Stripe, whose server localstripe plays: made once, whatever is lost on the way."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app import clock, db
from app.errors import Refused
from app.ingest.snapshot import Payment
from app.orders import refund_sending, refund_steps, refunding
from app.payments import stripe
from app.payments.asking import Due
from tests.payments.conftest import Shop, by_stripe
from tests.payments.steps import MO_STAFF, ask, kinds, order_row, paid, refunds, told, within


async def later() -> int:
    """The next try of all that wait for one, now."""
    await db.execute("UPDATE refunds SET next_try_at = {} WHERE next_try_at IS NOT NULL", clock.now())
    return await refund_sending.send_due()


async def only() -> dict[str, Any]:
    (row,) = await refunds()
    return row


async def test_what_is_approved_is_made_at_stripe(shop: Shop) -> None:
    order, payment = await by_stripe(shop)
    await ask(order["id"], 1250)
    assert await refund_sending.send_due() == 0  # nobody has decided yet
    await refund_steps.approve((await only())["id"], by=MO_STAFF)
    assert await refund_sending.send_due() == 1
    row = await only()
    (made,) = shop.refunds(payment)
    assert (row["state"], row["reference"], row["attempts"]) == ("succeeded", made["id"], 1)
    assert (made["amount"], made["metadata"]) == (1250, {"comptoir_refund": row["code"]})
    assert (await order_row(order["id"]))["payment"] == "partly_refunded"
    assert await kinds() == ["refund_requested", "refund_approved", "refund_succeeded"]
    kind, data = (await told())[-1]
    assert (kind, data["by"], data["reference"]) == ("refund_succeeded", "system", made["id"])
    assert await later() == 0


@pytest.mark.parametrize("said", [{"fail": 2}, {"fail": 2, "code": 429}, {"fail": 2, "code": 401}])
async def test_what_may_pass_is_tried_again_with_growing_pauses(shop: Shop, said: dict[str, int]) -> None:
    order, payment = await by_stripe(shop)
    await ask(order["id"], 1250, approved=True)
    shop.next(**said)
    pauses = []
    for _failed in range(2):
        assert await later() == 1
        row = await only()
        pauses.append(row["next_try_at"] - clock.now())
        assert (row["state"], bool(row["last_error"])) == ("pending", True)
    assert timedelta(minutes=1) < pauses[0] < pauses[1]
    assert await refund_sending.send_due() == 0  # not before its time
    assert await later() == 1
    row = await only()
    assert (row["state"], row["last_error"], row["attempts"]) == ("succeeded", "", 3)
    assert len(shop.refunds(payment)) == 1


async def test_an_answer_that_is_lost_is_looked_for_and_nothing_is_made_twice(shop: Shop) -> None:
    """localstripe knows no idempotency keys: what is found is found by our own code."""
    order, payment = await by_stripe(shop)
    await ask(order["id"], 1250, approved=True)
    shop.next(lose=1)
    assert await later() == 1
    assert (await only())["state"] == "pending"
    assert len(shop.refunds(payment)) == 1
    for _again in range(3):
        await later()
    row = await only()
    assert (row["state"], row["reference"]) == ("succeeded", shop.refunds(payment)[0]["id"])
    assert len(shop.refunds(payment)) == 1
    assert (await kinds()).count("refund_succeeded") == 1


async def test_of_two_workers_one_asks(shop: Shop) -> None:
    order, payment = await by_stripe(shop)
    for _some in range(4):
        await ask(order["id"], 100, approved=True)
    asked = await asyncio.gather(*(refund_sending.send_due() for _ in range(5)))
    assert sum(asked) == 4
    assert len(shop.refunds(payment)) == 4
    assert {row["state"] for row in await refunds()} == {"succeeded"}


async def test_what_stripe_refuses_for_good_has_failed_with_its_reason(shop: Shop) -> None:
    card = Payment(kind="card", amount=5290, reference="pi_that_never_was")
    order = await paid(payments=[card])
    (number,) = await ask(order["id"], 1250, approved=True)
    await refund_sending.send_due()
    row = await only()
    assert row["state"] == "failed"
    assert "InvalidRequestError" in row["last_error"]
    assert (await kinds())[-1] == "refund_failed"
    assert (await order_row(order["id"]))["payment"] == "paid"
    again = await refunding.again(number, by=MO_STAFF, by_hand=True)
    await refund_steps.record_reference(again, "SEPA 1", by=MO_STAFF)
    assert [row["state"] for row in await refunds()] == ["failed", "succeeded"]
    await within()


async def test_what_is_pending_there_is_sent_and_looked_at_again(shop: Shop) -> None:
    order, payment = await by_stripe(shop)
    await ask(order["id"], 1250, approved=True)
    shop.next(say="pending")
    for _twice in range(2):
        await later()
    row = await only()
    assert (row["state"], row["reference"]) == ("pending", shop.refunds(payment)[0]["id"])
    assert row["expected_by"] > clock.now()
    shop.next()
    await later()
    assert (await only())["state"] == "succeeded"
    assert await kinds() == ["refund_requested", "refund_approved", "refund_sent", "refund_succeeded"]
    assert (await told())[-1][1]["told"] is True
    assert len(shop.refunds(payment)) == 1


async def test_what_fails_there_in_the_end_has_failed_here(shop: Shop) -> None:
    order, _payment = await by_stripe(shop)
    await ask(order["id"], 1250, approved=True)
    for said in ("pending", "failed"):
        shop.next(say=said)
        await later()
    row = await only()
    assert (row["state"], row["last_error"]) == ("failed", "lost_or_stolen_card")


async def test_money_that_comes_back_after_all_is_free_again(shop: Shop) -> None:
    order, _payment = await by_stripe(shop)
    (number,) = await ask(order["id"], 5290, approved=True)
    await later()
    assert (await order_row(order["id"]))["payment"] == "refunded"
    made = (await only())["reference"]
    for _twice in range(2):
        await refund_steps.settle(number, stripe.Answer(outcome="failed", reference=made, reason="closed"), by="stripe")
    shown = await order_row(order["id"])
    assert (shown["payment"], shown["refunded"], shown["stage"]) == ("paid", 0, "preparing")
    assert (await kinds()).count("refund_failed") == 1
    assert len(await ask(order["id"], 5290)) == 1


async def test_nobody_declines_what_stripe_was_asked_for(shop: Shop) -> None:
    order, _payment = await by_stripe(shop)
    (number,) = await ask(order["id"], 1250, approved=True)
    shop.next(fail=1)
    await later()
    with pytest.raises(Refused):
        await refund_steps.fail(number, by=MO_STAFF, reason="")
    (other,) = await ask(order["id"], 1, approved=True)
    await refund_steps.fail(other, by=MO_STAFF, reason="A slip")  # this one it was not
    shop.next()
    await later()
    assert [row["state"] for row in await refunds()] == ["succeeded", "failed"]


async def test_a_payment_of_a_merchant_without_a_key_goes_back_by_hand(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripe, "_key", lambda merchant: "sk_test_nia" if merchant == "nia-audio" else "")
    order, _payment = await by_stripe(shop)
    await ask(order["id"], 1250)
    assert (await only())["provider"] == "manual"


@pytest.mark.parametrize(("amount", "currency", "there"), [
    (1250, "EUR", 1250), (1250, "JPY", 1250), (1250, "KWD", 1250), (1255, "KWD", None), (7, "ISK", 700), (7, "UGX", 700),
    (700, "MGA", 7), (701, "MGA", None), (1250, "USD", 1250), (5, "XOF", 5),
])  # fmt: skip
async def test_amounts_are_in_stripes_own_minor_units(amount: int, currency: str, there: int | None) -> None:
    assert stripe.amount_for(amount, currency) == there


async def test_what_it_cannot_express_has_failed_before_it_is_asked(shop: Shop) -> None:
    due = Due(id=1, code="c", merchant="atelier-mo", amount=1255, currency="KWD", payment="pi_none")
    answer = await stripe.Stripe().give_back(due)
    assert (answer.outcome, "KWD" in answer.reason) == ("failed", True)


async def test_a_key_that_was_taken_away_is_waited_for(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    order, _payment = await by_stripe(shop)
    await ask(order["id"], 1250, approved=True)
    monkeypatch.setattr(stripe, "_key", lambda _merchant: "")
    await later()
    row = await only()
    assert (row["state"], "COMPTOIR_STRIPE_KEY" in row["last_error"]) == ("pending", True)
