"""Asking for money, deciding, paying, and hearing that it has arrived: each step once, with its event and its actor."""

from datetime import UTC, datetime, timedelta

import pytest

from app import clock, db
from app.errors import Invalid, Missing, Refused
from app.ingest.snapshot import Payment
from app.orders import refund_less, refund_steps, refunding
from app.orders.refunding import Credit, Wanted
from tests import builders
from tests.builders import BOB, NIA
from tests.payments.steps import MO_STAFF, ask, kinds, of_price, order_row, paid, refunds, told, within


async def test_an_amount_goes_back_in_the_order_it_was_charged() -> None:
    order = await paid()
    await ask(order["id"], 4000, reason="Glaze was chipped", lines=[("1", 1)])
    card, gift = await refunds()
    assert [(card["kind"], card["amount"]), (gift["kind"], gift["amount"])] == [("card", 3000), ("gift_card", 1000)]
    assert [card["state"], gift["state"]] == ["requested"] * 2
    assert card["code"] != gift["code"]
    assert (card["lines"], gift["lines"]) == ('[{"line":"1","quantity":1}]', "[]")
    assert (card["origin"], card["by_whom"], card["provider"]) == ("counter", MO_STAFF, "manual")
    assert (await order_row(order["id"]))["refunded"] == 0
    assert [(kind, data["amount"], data["means"], data["by"]) for kind, data in await told()] == [
        ("refund_requested", 3000, "card", MO_STAFF), ("refund_requested", 1000, "gift_card", MO_STAFF),
    ]  # fmt: skip
    await within()


async def test_by_hand_it_is_approved_then_paid_and_the_order_says_so() -> None:
    order = await paid()
    before = (await db.rows("SELECT revision FROM customers"))[0]["revision"]
    (number,) = await ask(order["id"], 1250, lines=[("1", 1)])
    await refund_steps.approve(number, by=MO_STAFF)
    (row,) = await refunds()
    assert (row["state"], row["approved_at"] is not None, row["sent_at"], row["next_try_at"]) == ("pending", True, None, None)
    await refund_steps.record_reference(number, "  SEPA  2026-118 ", by=MO_STAFF)
    (row,) = await refunds()
    assert (row["state"], row["reference"]) == ("succeeded", "SEPA 2026-118")
    assert row["expected_by"] - row["sent_at"] == timedelta(days=14)  # a card
    shown = await order_row(order["id"])
    assert (shown["refunded"], shown["payment"], shown["stage"]) == (1250, "partly_refunded", "preparing")
    assert (await db.rows("SELECT refunded_quantity FROM order_lines"))[0]["refunded_quantity"] == 1
    assert await kinds() == ["refund_requested", "refund_approved", "refund_succeeded"]
    assert shown["revision"] == (await db.rows("SELECT revision FROM customers"))[0]["revision"] > before
    assert (await told())[-1][1] | {"key": "", "refund": 0, "expected_by": ""} == {
        "key": "", "refund": 0, "expected_by": "", "amount": 1250, "brand": "Visa", "last_four": "4242", "means": "card",
        "provider": "manual", "origin": "counter", "currency": "EUR", "by": MO_STAFF, "reason": "", "told": False,
        "reference": "SEPA 2026-118",
    }  # fmt: skip


async def test_all_of_it_back_is_refunded() -> None:
    order = await paid()
    for number in await ask(order["id"], 5290, approved=True):
        await refund_steps.record_reference(number, "R-1", by=MO_STAFF)
    shown = await order_row(order["id"])
    assert (shown["payment"], shown["stage"], shown["refunded"]) == ("refunded", "returned", 5290)


async def test_each_step_said_twice_is_done_once() -> None:
    order = await paid()
    (number,) = await ask(order["id"], 100, key="form-1")
    assert await ask(order["id"], 100, key="form-1") == [number]
    for _twice in range(2):
        await refund_steps.approve(number, by=MO_STAFF)
        await refund_steps.record_reference(number, "R-1", by=MO_STAFF)
        await refund_steps.arrived(order["customer"], order["address"], number)
    assert await kinds() == ["refund_requested", "refund_approved", "refund_succeeded", "refund_arrived"]
    assert len(await refunds()) == 1


async def test_a_request_over_several_destinations_is_known_again_whole() -> None:
    order = await paid()
    made = await ask(order["id"], 4000, key="form-1")
    assert len(made) == 2
    assert await ask(order["id"], 4000, key="form-1") == made
    assert await ask(order["id"], 1290, key="form-2") not in (made, [])


@pytest.mark.parametrize("wanted", [
    Wanted(amount=5291), Wanted(amount=2**70), Wanted(amount=0), Wanted(amount=-1),
    Wanted(amount=5290, credit=Credit(amount=1)), Wanted(credit=Credit(amount=5291)),
    Wanted(amount=10, credit=Credit(amount=-10)),
    Wanted(credit=Credit(amount=10, bonus=-1)), Wanted(amount=10, credit=Credit(amount=0, kind="gift_card", balance=4)),
])  # fmt: skip
async def test_what_cannot_be_given_is_refused_with_its_reason(wanted: Wanted) -> None:
    order = await paid()
    with pytest.raises(Invalid) as refused:
        await refunding.request(order["id"], wanted, by=MO_STAFF)
    assert set(refused.value.fields) <= {"amount", "credit"}
    assert await refunds() == []
    assert await kinds() == []


async def test_what_is_left_is_named_in_words() -> None:
    order = await paid()
    await ask(order["id"], 5000)
    with pytest.raises(Invalid, match=r"At most €2\.90 can still be given back"):
        await ask(order["id"], 291)


@pytest.mark.parametrize("state", ["unpaid", "authorised"])
async def test_nothing_is_given_back_that_was_not_paid(state: str) -> None:
    order = await paid(payment=state)
    with pytest.raises(Refused):
        await ask(order["id"], 1)


@pytest.mark.parametrize(("currency", "amount"), [("JPY", 4800), ("KWD", 4805), ("EUR", 4801)])
async def test_currencies_of_any_number_of_decimals(currency: str, amount: int) -> None:
    order = await of_price(amount, currency)
    with pytest.raises(Invalid):
        await ask(order["id"], amount + 1)
    for part in (1, amount - 1):
        (number,) = await ask(order["id"], part, approved=True)
        await refund_steps.record_reference(number, "R", by=MO_STAFF)
    assert (await order_row(order["id"]))["payment"] == "refunded"
    assert {data["currency"] for _kind, data in await told()} == {currency}


async def test_what_one_payment_cannot_take_does_not_go_to_another_unasked() -> None:
    order = await paid()
    (card, gift) = await db.rows("SELECT id FROM payments ORDER BY position")
    for credit in (None, Credit(amount=100)):
        with pytest.raises(Invalid):
            await ask(order["id"], 3001, payment=card["id"], credit=credit)
    await ask(order["id"], 2290, payment=gift["id"], credit=Credit(amount=100))
    assert [(row["payment"], row["amount"]) for row in await refunds()] == [(gift["id"], 2290), (None, 100)]


async def test_a_source_that_names_means_and_no_shares_is_bounded_by_the_total() -> None:
    order = await paid(payments=[Payment(kind="card", brand="Visa"), Payment(kind="paypal")])
    await ask(order["id"], 5290)
    with pytest.raises(Invalid):
        await ask(order["id"], 1)
    assert [(row["kind"], row["amount"]) for row in await refunds()] == [("card", 5290)]


async def test_an_order_without_any_payment_named_goes_back_by_hand() -> None:
    order = await paid(payments=[])
    await ask(order["id"], 90)
    (row,) = await refunds()
    assert (row["payment"], row["kind"], row["provider"]) == (None, "other", "manual")


async def test_a_refund_of_another_merchant_does_not_exist() -> None:
    order = await paid()
    (number,) = await ask(order["id"], 100, approved=True)
    nia = await builders.merchant(NIA)
    for step in (
        refund_steps.approve(number, by=MO_STAFF, merchant=nia), refund_steps.fail(number, by="", reason="", merchant=nia),
        refund_steps.record_reference(number, "R", by="", merchant=nia), refunding.again(number, by="", merchant=nia),
        refund_steps.approve(number + 99, by=MO_STAFF), ask(order["id"] + 99, 1),
    ):  # fmt: skip
        with pytest.raises(Missing):
            await step


async def test_bob_cannot_say_that_alices_money_has_arrived() -> None:
    order = await paid()
    (number,) = await ask(order["id"], 100, approved=True)
    with pytest.raises(Refused):  # it has not been sent
        await refund_steps.arrived(order["customer"], order["address"], number)
    await refund_steps.record_reference(number, "R", by=MO_STAFF)
    with pytest.raises(Missing):
        await refund_steps.arrived(await builders.customer(BOB, "Bob"), order["address"], number)
    await refund_steps.arrived(order["customer"], order["address"], number)
    assert (await told())[-1][1]["by"] == f"customer:{order['customer']}"


NOW = datetime.now(UTC)


@pytest.mark.parametrize(("reference", "paid_at", "field"), [
    ("", None, "reference"), ("   ", None, "reference"), ("x" * 141, None, "reference"), ("R\x00", None, "reference"),
    ("R\u202e1", None, "reference"), ("R", NOW + timedelta(days=1), "paid_at"), ("R", NOW - timedelta(days=2), "paid_at"),
    ("R", datetime(2026, 11, 2), "paid_at"),
])  # fmt: skip
async def test_a_reference_that_is_none_is_refused_at_its_field(reference: str, paid_at: datetime | None, field: str) -> None:
    order = await paid()
    (number,) = await ask(order["id"], 100, approved=True)
    with pytest.raises(Invalid) as refused:
        await refund_steps.record_reference(number, reference, by=MO_STAFF, paid_at=paid_at)
    assert list(refused.value.fields) == [field]
    assert (await refunds())[0]["state"] == "pending"


async def test_nobody_pays_by_hand_what_is_not_approved_or_has_failed() -> None:
    order = await paid()
    (number,) = await ask(order["id"], 100)
    with pytest.raises(Refused):
        await refund_steps.record_reference(number, "R", by=MO_STAFF)
    await refund_steps.fail(number, by=MO_STAFF, reason="The teapot never came back")
    for step in (
        refund_steps.record_reference(number, "R", by=MO_STAFF), refund_steps.approve(number, by=MO_STAFF),
    ):  # fmt: skip
        with pytest.raises(Refused):
            await step
    kind, data = (await told())[-1]
    assert (kind, data["why"], data["by"]) == ("refund_failed", "The teapot never came back", MO_STAFF)


async def test_what_failed_is_free_again_and_tried_as_a_row_of_its_own_once() -> None:
    order = await paid()
    (number, _gift) = await ask(order["id"], 5290, approved=True)
    await refund_steps.fail(number, by=MO_STAFF, reason="Account closed")
    again = await refunding.again(number, by=MO_STAFF)
    assert await refunding.again(number, by=MO_STAFF) == again
    first, _second, third = await refunds()
    assert (first["state"], third["state"], third["again_of"], third["amount"]) == ("failed", "pending", number, 3000)
    assert first["code"] != third["code"]
    assert third["payment"] == first["payment"]
    await within()


async def test_what_failed_is_not_tried_again_when_the_money_went_another_way() -> None:
    order = await paid()
    (number,) = await ask(order["id"], 3000, approved=True)
    await refund_steps.fail(number, by=MO_STAFF, reason="Account closed")
    await ask(order["id"], 3000, payment=(await refunds())[0]["payment"])
    with pytest.raises(Invalid):
        await refunding.again(number, by=MO_STAFF)


async def test_of_what_failed_all_that_is_left_is_tried_again() -> None:
    order = await paid()
    (number,) = await ask(order["id"], 3000, approved=True)
    await refund_steps.fail(number, by=MO_STAFF, reason="Account closed")
    await ask(order["id"], 1, payment=(await refunds())[0]["payment"])
    again = await refunding.again(number, by=MO_STAFF)
    assert [(row["amount"], row["state"]) for row in await refunds() if row["id"] == again] == [(2999, "pending")]
    await within()


async def test_less_of_what_is_sent_decided_or_all_of_it_is_not_made_less() -> None:
    order = await paid()
    (number,) = await ask(order["id"], 1000)
    for less in (0, -1, 1000, 1001):
        with pytest.raises(Refused):
            await refund_less.reduce(number, less, by="source")
    await refund_less.reduce(number, 1, by="source")
    for columns in ("attempts = 1", "attempts = 0, sent_at = requested_at", "sent_at = NULL, state = 'failed'"):
        await db.execute(f"UPDATE refunds SET {columns}")
        with pytest.raises(Refused):
            await refund_less.reduce(number, 1, by="source")
    assert [row["amount"] for row in await refunds()] == [999]
    with pytest.raises(Missing):
        await refund_less.reduce(number + 1, 1, by="source")


async def test_money_that_was_sent_is_not_declined() -> None:
    order = await paid()
    (number,) = await ask(order["id"], 100, approved=True)
    await refund_steps.record_reference(number, "R", by=MO_STAFF)
    with pytest.raises(Refused):
        await refund_steps.fail(number, by=MO_STAFF, reason="")
    with pytest.raises(Refused):
        await refunding.again(number, by=MO_STAFF)


async def test_an_order_that_was_given_to_another_customer_meanwhile_keeps_its_bounds() -> None:
    order = await paid()
    await ask(order["id"], 5000)
    bob = await builders.customer(BOB, "Bob")
    await db.execute("UPDATE orders SET customer = {} WHERE id = {}", bob, order["id"])
    with pytest.raises(Invalid):
        await ask(order["id"], 291)
    due = clock.now() + timedelta(days=14)
    (number,) = await ask(order["id"], 290, due_at=due)
    assert (await db.rows("SELECT customer FROM events ORDER BY id DESC LIMIT 1"))[0]["customer"] == bob
    assert (await db.rows("SELECT due_at FROM refunds WHERE id = {}", number))[0]["due_at"] == due


async def test_an_order_that_is_erased_takes_its_money_along() -> None:
    order = await paid()
    await ask(order["id"], 4000, approved=True)
    await db.execute("DELETE FROM orders WHERE id = {}", order["id"])
    assert await refunds() == []
    assert not await db.rows("SELECT id FROM payments")
