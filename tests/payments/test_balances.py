"""Store credit and gift cards: every movement is kept, nothing happens twice, and nothing is ever below zero."""

import asyncio

import pytest

from app import db
from app.errors import Invalid, Missing, Refused
from app.i18n import Voice
from app.ingest.snapshot import Payment
from app.money import LARGEST
from app.orders import refund_steps, refunding
from app.orders.refunding import Credit, Wanted
from app.payments import balance_cards, balances
from app.payments.balances import Movement
from tests import builders
from tests.builders import BOB, NIA
from tests.payments.steps import MO_STAFF, ask, kinds, order_row, paid, refunds, told, within


def spent(amount: int, key: str = "") -> Movement:
    return Movement(amount=-amount, reason="spent", by="api:3", key=key)


async def credited(amount: int = 1250, bonus: int = 125) -> tuple[db.Row, int]:
    """An order of Alice's, so much of which went to store credit; the id of that."""
    order = await paid()
    wanted = Wanted(credit=Credit(amount=amount, bonus=bonus))
    await refunding.request(order["id"], wanted, by=MO_STAFF, approved=True)
    return order, (await db.rows("SELECT id FROM balances"))[0]["id"]


async def amount_of(balance: int) -> int:
    return (await db.rows("SELECT amount FROM balances WHERE id = {}", balance))[0]["amount"]


async def test_a_refund_to_store_credit_is_there_at_once_with_its_bonus() -> None:
    order, balance = await credited()
    assert await amount_of(balance) == 1375
    (row,) = await refunds()
    assert (row["state"], row["amount"], row["bonus"], row["kind"]) == ("succeeded", 1250, 125, "store_credit")
    assert row["arrived_at"] is not None
    assert (await order_row(order["id"]))["refunded"] == 1250  # the bonus was never paid
    assert await kinds() == ["refund_requested", "refund_approved", "refund_succeeded"]
    assert (await told())[-1][1]["bonus"] == 125
    await within()


async def test_credit_counts_against_what_was_paid() -> None:
    order, _balance = await credited(5000)
    with pytest.raises(Invalid):
        await ask(order["id"], 291)
    await ask(order["id"], 290)


async def test_one_request_goes_to_the_card_and_to_store_credit() -> None:
    order = await paid()
    made = await refunding.request(order["id"], Wanted(amount=3100, credit=Credit(amount=500)), by=MO_STAFF)
    assert [(row["kind"], row["amount"]) for row in await refunds()] == [
        ("card", 3000),
        ("gift_card", 100),
        ("store_credit", 500),
    ]
    assert (await db.rows("SELECT amount FROM balances"))[0]["amount"] == 0  # nobody has decided yet
    for number in made * 2:
        await refund_steps.approve(number, by=MO_STAFF)
    assert (await db.rows("SELECT amount FROM balances"))[0]["amount"] == 500


async def test_what_was_paid_with_credit_of_ours_goes_back_to_it() -> None:
    customer, mo = await builders.customer(), await builders.merchant()
    number, code = await balances.add_card(mo, "EUR", 5000, by=MO_STAFF, customer=customer)
    await balances.move(number, spent(2290, "1001"))
    order = await paid(
        payments=[Payment(kind="gift_card", last_four=code[-4:], amount=2290), Payment(kind="card", amount=3000)]
    )
    await ask(order["id"], 1000, approved=True)
    (row,) = await refunds()
    assert (row["provider"], row["balance"], row["state"]) == ("gift_card", number, "succeeded")
    assert await amount_of(number) == 3710
    await within()


async def test_a_card_of_the_shops_own_is_not_one_of_ours() -> None:
    order = await paid()
    gift = (await db.rows("SELECT id FROM payments WHERE kind = 'gift_card'"))[0]["id"]
    await ask(order["id"], 100, payment=gift, approved=True)
    assert ((await refunds())[0]["provider"], (await refunds())[0]["state"]) == ("manual", "pending")


async def test_nobody_is_credited_on_anothers_card() -> None:
    order = await paid()
    bob = await builders.customer(BOB, "Bob")
    card, _code = await balances.add_card(order["merchant"], "EUR", 10, by=MO_STAFF, customer=bob)
    other, _code = await balances.add_card(order["merchant"], "USD", 10, by=MO_STAFF, customer=order["customer"])
    nias, _code = await balances.add_card(await builders.merchant(NIA), "EUR", 10, by="member:9", customer=order["customer"])
    for balance in (card, other, nias, card + 99):
        with pytest.raises(Invalid) as refused:
            await refunding.request(
                order["id"], Wanted(credit=Credit(amount=5, kind="gift_card", balance=balance)), by=MO_STAFF
            )
        assert list(refused.value.fields) == ["credit"]
    mine, _code = await balances.add_card(order["merchant"], "EUR", 10, by=MO_STAFF, customer=order["customer"])
    wanted = Wanted(credit=Credit(amount=5, kind="gift_card", balance=mine))
    await refunding.request(order["id"], wanted, by=MO_STAFF, approved=True)
    assert await amount_of(mine) == 15


@pytest.mark.parametrize("first", [1376, LARGEST, LARGEST + 1])
async def test_nothing_is_spent_that_is_not_there(first: int) -> None:
    order, balance = await credited()
    with pytest.raises(Refused):
        await balances.change(order["merchant"], balance, spent(first))
    assert await balances.change(order["merchant"], balance, spent(1375)) == 0
    with pytest.raises(Refused):
        await balances.change(order["merchant"], balance, spent(1))
    await within()


async def test_fifty_at_once_spend_no_more_than_there_is() -> None:
    order, balance = await credited()
    spending = (balances.change(order["merchant"], balance, spent(100)) for _ in range(50))
    outcomes = await asyncio.gather(*spending, return_exceptions=True)
    assert sum(not isinstance(it, Exception) for it in outcomes) == 13
    assert {type(it) for it in outcomes} == {int, Refused}
    assert await amount_of(balance) == 75
    await within()


async def test_a_movement_with_a_key_happens_once_however_often_and_at_once_it_is_said() -> None:
    order, balance = await credited()
    said = (balances.change(order["merchant"], balance, spent(100, "till-7")) for _ in range(20))
    assert set(await asyncio.gather(*said)) == {1275}
    moved = (balances.move(balance, spent(100, "till-8")) for _ in range(20))
    assert set(await asyncio.gather(*moved)) == {1175}
    assert len(await db.rows("SELECT id FROM balance_entries WHERE reason = 'spent'")) == 2
    assert len(await db.rows("SELECT id FROM events WHERE kind = 'store_credit_changed'")) == 1
    await within()


async def test_the_database_itself_refuses_a_balance_below_zero() -> None:
    _order, balance = await credited()
    with pytest.raises(Exception, match="zero"):
        await db.execute("UPDATE balances SET amount = -1 WHERE id = {}", balance)


async def test_an_order_that_is_anothers_by_now_credits_nobody() -> None:
    order = await paid()
    (number,) = await refunding.request(order["id"], Wanted(credit=Credit(amount=1000)), by=MO_STAFF)
    bob = await builders.customer(BOB, "Bob")
    await db.execute("UPDATE orders SET customer = {} WHERE id = {}", bob, order["id"])
    with pytest.raises(Refused):
        await refund_steps.approve(number, by=MO_STAFF)
    assert [row["state"] for row in await refunds()] == ["requested"]
    assert not await db.rows("SELECT id FROM balance_entries")
    await refund_steps.fail(number, by=MO_STAFF, reason="Another customer's")
    await refunding.request(order["id"], Wanted(credit=Credit(amount=1000)), by=MO_STAFF, approved=True)
    assert [row["amount"] for row in await db.rows("SELECT amount FROM balances WHERE customer = {}", bob)] == [1000]


async def test_two_who_open_the_same_store_credit_open_one() -> None:
    customer, mo = await builders.customer(), await builders.merchant()
    assert len(set(await asyncio.gather(*(balances.store_credit(customer, mo, "EUR") for _ in range(8))))) == 1
    assert len({await balances.store_credit(customer, mo, currency) for currency in ("EUR", "JPY")}) == 2


async def test_a_gift_cards_code_is_shown_once_and_claimed_by_one() -> None:
    alice, bob, mo = await builders.customer(), await builders.customer(BOB, "Bob"), await builders.merchant()
    number, code = await balances.add_card(mo, "EUR", 5000, by=MO_STAFF)
    kept = (await db.rows("SELECT * FROM balances"))[0]
    assert code.replace("-", "") not in str(dict(kept))
    assert (kept["last_four"], len(code)) == (code[-4:], 19)
    with pytest.raises(Missing):
        await balances.claim_card(alice, mo, code[:-1] + ("A" if code[-1] != "A" else "B"))
    with pytest.raises(Missing):  # another merchant's
        await balances.claim_card(alice, await builders.merchant(NIA), code)
    for typed in (code, code.lower(), f" {code.replace('-', ' ')} "):
        assert await balances.claim_card(alice, mo, typed) == number
    with pytest.raises(Missing):
        await balances.claim_card(bob, mo, code)


async def test_of_many_who_claim_a_card_at_once_one_has_it() -> None:
    mo = await builders.merchant()
    people = [await builders.customer(f"p{n}@example.com", "P") for n in range(8)]
    _number, code = await balances.add_card(mo, "EUR", 5000, by=MO_STAFF)
    outcomes = await asyncio.gather(*(balances.claim_card(who, mo, code) for who in people), return_exceptions=True)
    assert sorted(type(it).__name__ for it in outcomes) == ["Missing"] * 7 + ["int"]


@pytest.mark.parametrize(("amount", "currency", "field"), [
    (0, "EUR", "amount"), (-1, "EUR", "amount"), (LARGEST + 1, "EUR", "amount"), (1, "EURO", "currency"), (1, "", "currency"),
])  # fmt: skip
async def test_a_card_of_nothing_is_refused(amount: int, currency: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        await balances.add_card(await builders.merchant(), currency, amount, by=MO_STAFF)
    assert list(refused.value.fields) == [field]


async def test_another_merchants_balance_does_not_exist() -> None:
    _order, balance = await credited()
    with pytest.raises(Missing):
        await balances.change(await builders.merchant(NIA), balance, spent(1))


async def test_a_customer_sees_each_movement_per_merchant_newest_first() -> None:
    order, balance = await credited()
    await balances.change(order["merchant"], balance, spent(375))
    await balances.add_card(await builders.merchant(NIA), "JPY", 5000, by="member:9", customer=order["customer"])
    (mo, nia) = await balance_cards.of_customer(order["customer"], Voice("en"))
    assert [(one.name, one.amount) for one in mo.balances] == [("Store credit", "€10.00")]
    assert [(it.text, it.amount, it.after) for it in mo.balances[0].entries] == [
        ("Spent", "-€3.75", "€10.00"), ("Bonus from the seller", "+€1.25", "€13.75"), ("Refund", "+€12.50", "€12.50"),
    ]  # fmt: skip
    assert (mo.balances[0].entries[-1].order, mo.balances[0].entries[-1].url) == ("1001", f"/orders/{order['address']}")
    assert (nia.balances[0].name[:12], nia.balances[0].amount) == ("Gift card ··", "¥5,000")
    assert [one.name for one in await balance_cards.of_customer(order["customer"], Voice("en"), order["merchant"])] == [
        "Atelier Mo"
    ]
    assert await balance_cards.of_customer(await builders.customer(BOB, "Bob"), Voice("en")) == []
