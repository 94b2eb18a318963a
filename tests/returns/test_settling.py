"""Goods that came back, and what the customer gets for them: in parts, less what is kept, as credit, as an exchange."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from app import clock, db
from app.errors import Invalid, Missing, Refused
from app.i18n import Voice
from app.ingest import actions as ingest
from app.ingest import kept as kept_orders
from app.ingest.snapshot import Person, Refund
from app.orders import refund_steps, refunding
from app.payments import balances
from app.returns import (
    ageing,
    asking,
    deciding,
    happened,
    holding,
    kept,
    receiving,
    repairing,
    replacing,
    rights,
    rules,
    sentences,
    settling,
    standing,
    states,
    withdrawals,
)
from app.returns.asked import Asked, AskedLine
from app.returns.exchanging import Sending
from app.returns.receiving import Counted
from app.returns.rule_book import Rules
from app.returns.settling import Deduction
from tests import builders
from tests.returns import bought
from tests.returns.right import everything


async def _back(order: Mapping[str, Any], quantity: int = 2, **about: Any) -> str:
    """Approved, and arrived in order."""
    teapots, *_cup = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(teapots, quantity, **about), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    return code


async def _money(order: Mapping[str, Any]) -> tuple[int, str]:
    (row,) = await db.rows("SELECT refunded, payment FROM orders WHERE id = {}", order["id"])
    given = await db.rows("SELECT amount FROM refunds WHERE \"order\" = {} AND state <> 'failed'", order["id"])
    return sum(one["amount"] for one in given), row["payment"]


async def test_what_came_back_in_order_is_paid_back_in_two_parts_and_then_closed() -> None:
    order = await bought.delivered()
    code = await _back(order)
    await settling.refund(order["merchant"], code, amount=4_000, last=False, by="member:1")
    assert (await bought.state(code), (await _money(order))[0]) == ("received", 4_000)
    await settling.refund(order["merchant"], code, by="member:1")
    assert (await bought.state(code), (await _money(order))[0]) == ("refunded", 9_600)
    await ageing.age()
    assert await bought.state(code) == "refunded"
    for row in await db.rows("SELECT id FROM refunds"):
        await refund_steps.record_reference(row["id"], "SEPA 1", by="member:1")
    await db.execute("UPDATE returns SET settled_at = {}", clock.now() - timedelta(days=15))
    await ageing.age()
    assert await bought.state(code) == "closed"
    assert (await bought.told(code))[-2:] == ["return_refunded", "return_closed"]


async def test_nothing_beyond_the_promise_is_paid_and_never_after_the_last() -> None:
    order = await bought.delivered()
    code = await _back(order)
    for amount in (0, -5, 9_601):
        with pytest.raises(Invalid) as refused:
            await settling.refund(order["merchant"], code, amount=amount, by="member:1")
        assert list(refused.value.fields) == ["amount"]
    await settling.refund(order["merchant"], code, by="member:1")
    with pytest.raises(Refused):
        await settling.refund(order["merchant"], code, amount=1, by="member:1")
    with pytest.raises(Missing):
        await settling.refund(await builders.merchant(builders.NIA, "Nia"), code, by="member:9")


async def test_two_at_the_desk_who_refund_at_once_pay_once() -> None:
    order = await bought.delivered()
    code = await _back(order)
    both = (settling.refund(order["merchant"], code, by=f"member:{n}") for n in (1, 2))
    answers = await asyncio.gather(*both, return_exceptions=True)
    assert {type(it) for it in answers} == {int, Refused}
    assert (await _money(order))[0] == 9_600


async def test_what_is_kept_needs_a_reason_and_goods_that_were_looked_at() -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(teapots, 2), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    (line,) = (await kept.by_code(code)).lines
    with pytest.raises(Refused):
        await settling.refund(order["merchant"], code, deductions={line.id: Deduction(500, "Worn")}, by="member:1")
    await receiving.receive(order["merchant"], code, {line.id: Counted(sound=1, damaged=1)}, by="member:1")
    for wrong in (Deduction(500, " "), Deduction(-1, "x"), Deduction(9_601, "x")):
        with pytest.raises(Invalid) as refused:
            await settling.refund(order["merchant"], code, deductions={line.id: wrong}, by="member:1")
        assert list(refused.value.fields) == [f"deduction-{line.id}"]
    assert (
        await settling.refund(order["merchant"], code, deductions={line.id: Deduction(500, "A crack")}, by="member:1") == 9_100
    )
    assert (await kept.by_code(code)).lines[0].deduction_reason == "A crack"


async def test_what_arrives_is_counted_line_by_line() -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(teapots, 2), by="customer:1")
    (line,) = (await kept.by_code(code)).lines
    for wrong in (Counted(sound=1), Counted(sound=3), Counted(sound=3, missing=-1)):
        with pytest.raises(Invalid) as refused:
            await receiving.receive(order["merchant"], code, {line.id: wrong}, by="member:1")
        assert list(refused.value.fields) == [f"sound-{line.id}"]
    await receiving.receive(order["merchant"], code, {line.id: Counted(sound=1, missing=1)}, by="member:1")
    assert await bought.told(code) == ["return_requested", "return_approved", "return_received"]
    with pytest.raises(Refused):
        await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:2")


@pytest.mark.parametrize(("currency", "price", "bonus"), [("EUR", 4_795, 480), ("JPY", 4_795, 480), ("KWD", 12_345, 1_235)])
async def test_store_credit_comes_with_its_bonus_and_both_sides_see_one_sum(currency: str, price: int, bonus: int) -> None:
    """A tenth more, to the cent, the yen and the fils; by half of it is always rounded up."""
    order = await bought.delivered(currency=currency, shipping=0, total=price, lines=[builders.line("1", unit_price=price)])
    await rules.save(order["merchant"], Rules(credit_bonus=1_000), by=None)
    code = await _back(order, 1, wish="store_credit")
    await settling.refund(order["merchant"], code, by="member:1")
    assert await bought.state(code) == "credited"
    (balance,) = await balances.of(order["customer"], order["merchant"])
    assert (balance["kind"], balance["currency"], balance["amount"]) == ("store_credit", currency, price + bonus)
    it = await kept.by_code(code)
    assert (it.it.expected, it.it.refunded) == (price + bonus, price + bonus)
    said = Voice("en", "UTC").money(price + bonus, currency)
    assert sentences.told(it.it, Voice("en", "UTC")).headline == f"Now store credit: {said}"
    assert (await happened.told(it, Voice("en", "UTC")))[0].detail == said
    assert (await _money(order))[0] == price, "what was never paid does not count as given back of the order"
    await everything(order["id"])


async def test_no_more_is_kept_than_is_left_to_give() -> None:
    order = await bought.delivered()
    code = await _back(order, 1)
    (line,) = (await kept.by_code(code)).lines
    await settling.refund(order["merchant"], code, amount=4_000, last=False, by="member:1")
    with pytest.raises(Invalid) as refused:
        await settling.refund(order["merchant"], code, deductions={line.id: Deduction(801, "A crack")}, by="member:1")
    assert refused.value.fields == {f"deduction-{line.id}": "Only €8.00 are left to give: no more can be kept."}
    assert (await kept.by_code(code)).lines[0].deduction == 0
    assert await settling.refund(order["merchant"], code, deductions={line.id: Deduction(300, "A crack")}, by="member:1") == 500
    await everything(order["id"])


@pytest.mark.parametrize("number", ["", "8R\n1", "8R\u20281", "8R\x07", "x" * 101])
async def test_a_parcels_number_is_one_that_can_be_read(number: str) -> None:
    order = await bought.delivered()
    code = await _back(order, 1, reason="wrong_size", wish="exchange", wanted="Teapot, small")
    await replacing.exchange(order["merchant"], code, await bought.same_again(code), by="member:1")
    with pytest.raises(Invalid) as refused:
        await replacing.sent(order["merchant"], code, carrier="Colissimo", number=number, by="member:1")
    assert list(refused.value.fields) == ["tracking_number"]


async def test_credit_in_parts_brings_its_bonus_in_parts_and_all_of_it_in_the_end() -> None:
    order = await bought.delivered(shipping=0, total=4_795, lines=[builders.line("1", unit_price=4_795)])
    await rules.save(order["merchant"], Rules(credit_bonus=1_000), by=None)
    code = await _back(order, 1, wish="store_credit")
    there = []
    for amount in (1, 1_594, 1_600, None):
        await settling.refund(order["merchant"], code, amount=amount, last=amount is None, by="member:1")
        (balance,) = await balances.of(order["customer"], order["merchant"])
        there.append(balance["amount"])
    assert there == [1, 1_595 + 160, 3_195 + 320, 4_795 + 480]
    await everything(order["id"])


async def test_what_is_kept_of_credit_takes_its_part_of_the_bonus_along() -> None:
    order = await bought.delivered(shipping=0, total=4_800, lines=[builders.line("1", unit_price=4_800)])
    await rules.save(order["merchant"], Rules(credit_bonus=1_000), by=None)
    code = await _back(order, 1, wish="store_credit")
    (line,) = (await kept.by_code(code)).lines
    await settling.refund(order["merchant"], code, deductions={line.id: Deduction(800, "A crack")}, by="member:1")
    (balance,) = await balances.of(order["customer"], order["merchant"])
    assert balance["amount"] == (await kept.by_code(code)).it.refunded == 4_000 + 400


async def test_an_exchange_ships_as_an_order_that_is_linked_to_the_first() -> None:
    order = await bought.delivered()
    code = await _back(order, 1, reason="wrong_size", wish="exchange", wanted="Teapot, small")
    what = await bought.same_again(code, title="Teapot, small", sku="TEA-S")
    made = await replacing.exchange(order["merchant"], code, what, by="member:1")
    (row,) = await db.rows("SELECT customer, total, titles, stage, number, source FROM orders WHERE id = {}", made)
    assert (row["customer"], row["total"], row["titles"], row["stage"]) == (order["customer"], 0, "Teapot, small", "preparing")
    assert (await bought.state(code), (await kept.by_code(code)).it.exchange) == ("exchanged", made)
    assert (await _money(order))[0] == 0
    with pytest.raises(Refused):
        await replacing.exchange(order["merchant"], code, await bought.same_again(code), by="member:2")


async def test_an_exchange_by_a_number_is_an_order_of_that_customer() -> None:
    order = await bought.delivered()
    await builders.order("78", merchant=builders.NIA)
    await builders.order("76")  # older than what it would replace: she has bought it herself
    code = await _back(order, 1, reason="wrong_size", wish="exchange", wanted="Small")
    again = await _back(order, 1, reason="wrong_size", wish="exchange", wanted="Small")
    other = await builders.order("77", placed_at=clock.now())
    for number in ("78", "no such", "7\x007", "1001", "76"):
        with pytest.raises(Invalid) as refused:
            await replacing.exchange(order["merchant"], code, Sending(number=number), by="member:1")
        assert list(refused.value.fields) == ["number"]
    assert await replacing.exchange(order["merchant"], code, Sending(number=" 77 "), by="member:1") == other["id"]
    newer = await builders.order("79", placed_at=clock.now())
    with pytest.raises(Invalid, match="another return"):
        await replacing.exchange(order["merchant"], again, Sending(number="77"), by="member:1")
    assert await replacing.exchange(order["merchant"], again, Sending(number="79"), by="member:1") == newer["id"]


async def test_what_cannot_be_exchanged_is_paid_back_at_its_worth() -> None:
    order = await bought.delivered()
    code = await _back(order, 1, reason="wrong_size", wish="exchange", wanted="Small")
    await replacing.money_instead(order["merchant"], code, by="member:1")
    assert await settling.refund(order["merchant"], code, by="member:1") == 4_800
    assert await bought.state(code) == "refunded"


async def test_money_and_an_exchange_in_one_return_are_both_done_before_it_is_over() -> None:
    order = await bought.delivered()
    teapots, cup = await bought.line_ids(order)
    lines = [AskedLine(teapots, 1, "wrong_size", "exchange", "Small"), AskedLine(cup, 1, "changed_mind")]
    code = await asking.ask(order["customer"], Asked("return", lines), by="customer:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    assert await settling.refund(order["merchant"], code, by="member:1") == 1_250
    assert await bought.state(code) == "received"
    await replacing.exchange(order["merchant"], code, await bought.same_again(code), by="member:1")
    assert await bought.state(code) == "refunded"


async def test_a_repair_settles_a_claim_and_lengthens_the_guarantee() -> None:
    order = await bought.delivered(days=30)
    teapots, _cup = await bought.line_ids(order)
    before = _guarantee(standing.by_line(await rights.of_orders([order["id"]])), teapots)
    code = await asking.ask(order["customer"], bought.asked(teapots, 1, "claim", reason="defective"), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    await repairing.repaired(order["merchant"], code, by="member:1", note="A new lid")
    assert await bought.state(code) == "resolved"
    after = _guarantee(standing.by_line(await rights.of_orders([order["id"]])), teapots)
    assert (after.year, after.month, after.day) == (before.year + 1, before.month, before.day)
    assert (await holding.left([order["id"]]))[teapots].free == 2


def _guarantee(found: Mapping[int, Any], line: int) -> Any:
    return next(right.until for right in found[line] if right.code == "guarantee")


async def test_a_claim_that_comes_to_money_is_paid_at_what_the_item_cost() -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(teapots, 1, "claim", wish="replacement"), by="customer:1")
    assert (await kept.by_code(code)).it.expected == 0
    with pytest.raises(Refused):
        await settling.refund(order["merchant"], code, by="member:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    await replacing.exchange(order["merchant"], code, await bought.same_again(code), by="member:1")
    assert await bought.state(code) == "resolved"


async def test_a_withdrawal_is_acknowledged_never_declined_and_brings_all_back() -> None:
    order = await bought.delivered()
    teapots, cup = await bought.line_ids(order)
    code = await withdrawals.declare(order["customer"], {teapots: 2, cup: 1}, by="customer:1")
    it = (await kept.by_code(code)).it
    assert (it.state, it.expected, it.waiting_on) == ("goods_due", order["total"], "buyer")
    assert it.refund_by is not None
    with pytest.raises(Refused):
        await deciding.decline(order["merchant"], code, clause="used", answer="", by="member:1")
    await withdrawals.sent_back(order["customer"], code, carrier="Colissimo", number="9R", by="customer:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    assert await settling.refund(order["merchant"], code, by="member:1") == order["total"]
    assert await bought.told(code) == [
        "withdrawal_acknowledged", "withdrawal_goods_awaited", "withdrawal_proof_sent", "withdrawal_goods_received",
        "withdrawal_refunded",
    ]  # fmt: skip


async def test_what_was_never_sent_out_need_not_come_back() -> None:
    order = await builders.order("5")
    (line,) = await bought.line_ids(order)
    code = await withdrawals.declare(order["customer"], {line: 1}, by="customer:1")
    assert await bought.state(code) == "acknowledged"
    await settling.refund(order["merchant"], code, by="member:1")
    assert await bought.state(code) == "refunded"


async def test_what_is_agreed_to_and_never_sent_is_over_after_a_while_and_free_again() -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(teapots, 2), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    await ageing.age()
    assert await bought.state(code) == "approved"
    await db.execute("UPDATE returns SET send_by = {}", clock.now() - timedelta(days=31))
    await ageing.age()
    assert await bought.state(code) == "expired"
    assert (await holding.left([order["id"]]))[teapots].free == 2


async def _refunded(code: str) -> int:
    return (await kept.by_code(code)).it.refunded


async def _refund_ids(code: str) -> list[int]:
    found = await db.rows("SELECT id FROM refunds WHERE of_return = {} ORDER BY id", (await kept.by_code(code)).it.id)
    return [row["id"] for row in found]


async def test_money_that_failed_is_not_given_back_until_it_is_sent_again_and_then_once() -> None:
    order = await bought.delivered()
    code = await _back(order)
    await settling.refund(order["merchant"], code, amount=4_000, last=False, by="member:1")
    (first,) = await _refund_ids(code)
    await refund_steps.fail(first, by="member:1", reason="The account is closed")
    assert await _refunded(code) == 0
    assert await settling.refund(order["merchant"], code, by="member:1") == 5_600
    await refunding.again(first, by="member:1")
    assert (await _refunded(code), (await _money(order))[0]) == (9_600, 9_600)


async def test_a_line_that_is_paid_in_parts_is_counted_once_though_the_first_part_failed() -> None:
    order = await bought.delivered()
    code = await _back(order, 1)
    await settling.refund(order["merchant"], code, amount=1_000, last=False, by="member:1")
    (first,) = await _refund_ids(code)
    await refund_steps.fail(first, by="member:1", reason="The account is closed")
    await settling.refund(order["merchant"], code, by="member:1")
    await refunding.again(first, by="member:1")
    for number in (await _refund_ids(code))[1:]:
        await refund_steps.record_reference(number, "SEPA 1", by="member:1")
    (line,) = await db.rows("SELECT refunded_quantity AS n FROM order_lines WHERE title LIKE 'Teapot%'")
    assert line["n"] == 1


async def test_what_is_paid_in_part_is_not_taken_off_what_can_be_asked_for_twice() -> None:
    order = await bought.delivered(lines=[builders.line("1", quantity=5)])
    (line,) = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(line, 2), by="customer:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    await settling.refund(order["merchant"], code, amount=1_000, last=False, by="member:1")
    (number,) = await _refund_ids(code)
    await refund_steps.record_reference(number, "SEPA 1", by="member:1")
    assert (await holding.left([order["id"]]))[line].free == 3
    await settling.refund(order["merchant"], code, by="member:1")
    assert (await holding.left([order["id"]]))[line].free == 3


async def test_what_is_wholly_paid_or_wholly_kept_can_be_ended() -> None:
    order = await bought.delivered()
    code = await _back(order, 1)
    await settling.refund(order["merchant"], code, amount=4_800, last=False, by="member:1")
    assert await settling.refund(order["merchant"], code, by="member:1") == 0
    assert (await bought.state(code), await _refunded(code)) == ("refunded", 4_800)
    worn = await _back(order, 1)
    (line,) = (await kept.by_code(worn)).lines
    kept_back = {line.id: Deduction(4_800, "Broken in use")}
    assert await settling.refund(order["merchant"], worn, deductions=kept_back, by="member:1") == 0
    assert (await bought.state(worn), await _refunded(worn)) == ("refunded", 0)


async def test_what_the_shop_gave_back_by_itself_is_not_owed_again() -> None:
    order = await bought.delivered()
    code = await _back(order)
    refund = Refund(id="shop-1", amount=order["total"] - 1_000, at=clock.now(), kind="card")
    await bought.delivered(refunds=[refund], note="Refunded in the shop")
    with pytest.raises(Invalid):
        await settling.refund(order["merchant"], code, amount=9_600, again=True, by="member:1")
    assert await settling.refund(order["merchant"], code, again=True, by="member:1") == 1_000
    assert (await bought.state(code), await _refunded(code)) == ("refunded", 1_000)


async def test_money_and_then_credit_is_a_refund_however_the_parts_fall() -> None:
    order = await bought.delivered()
    teapots, cup = await bought.line_ids(order)
    lines = [AskedLine(teapots, 1, "changed_mind", "store_credit"), AskedLine(cup, 1, "changed_mind")]
    code = await asking.ask(order["customer"], Asked("return", lines), by="customer:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    await settling.refund(order["merchant"], code, amount=1_250, last=False, by="member:1")
    assert await settling.refund(order["merchant"], code, by="member:1") == 4_800
    assert await bought.state(code) == "refunded"


async def test_a_claim_that_wished_for_a_replacement_can_come_to_money() -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(teapots, 1, "claim", wish="replacement"), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    assert await settling.refund(order["merchant"], code, by="member:1") == 4_800
    assert await bought.state(code) == "resolved"
    with pytest.raises(Refused):
        await replacing.exchange(order["merchant"], code, await bought.same_again(code), by="member:1")


async def test_an_unpaid_order_is_cancelled_without_money() -> None:
    order = await builders.order("6", payment="unpaid", payments=[])
    (line,) = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(line, 1, "cancellation"), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    assert await settling.refund(order["merchant"], code, by="member:1") == 0
    assert await bought.state(code) == "refunded"


async def test_a_withdrawal_after_the_period_is_not_settled_by_mistake() -> None:
    order = await builders.order("7")
    (line,) = await bought.line_ids(order)
    code = await withdrawals.declare(order["customer"], {line: 1}, by="customer:1")
    await db.execute("UPDATE returns SET expected = 0, grounds = {} WHERE code = {}", '{"promises":[],"rights":[]}', code)
    with pytest.raises(Invalid):
        await settling.refund(order["merchant"], code, by="member:1")
    assert await bought.state(code) == "acknowledged"


async def test_a_refusal_that_stands_has_no_deadline_left() -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(teapots), by="customer:1")
    await deciding.decline(order["merchant"], code, clause="used", answer="", by="member:1")
    await deciding.object_to(order["customer"], code, text="It was not", by="customer:1")
    await deciding.uphold(order["merchant"], code, answer="It was", by="member:1")
    it = (await kept.by_code(code)).it
    assert (it.waiting_on, it.due_at) == ("nobody", None)


def test_no_state_is_without_a_name() -> None:
    assert all("" not in known for known in states.STATES.values())


async def test_what_was_kept_by_mistake_is_given_back_with_the_rest() -> None:
    order = await bought.delivered()
    code = await _back(order, 1)
    (line,) = (await kept.by_code(code)).lines
    worn, not_worn = {line.id: Deduction(500, "Worn")}, {line.id: Deduction(0, "")}
    await settling.refund(order["merchant"], code, amount=1_000, last=False, deductions=worn, by="member:1")
    assert await settling.refund(order["merchant"], code, deductions=not_worn, by="member:1") == 3_800
    (line,) = (await kept.by_code(code)).lines
    assert (line.deduction, line.deduction_reason) == (0, "")


async def test_credit_for_a_return_never_goes_to_whom_its_order_was_given_since() -> None:
    order = await bought.delivered()
    code = await _back(order, 1, wish="store_credit")
    known = (await kept_orders.snapshots([order["id"]]))[order["id"]]
    await ingest.record_all([replace(known, customer=Person(email=builders.BOB, name="Bob"))], history=False)
    with pytest.raises(Refused, match="two customers"):
        await settling.refund(order["merchant"], code, by="member:1")
    assert await db.rows("SELECT id FROM balances") == []
