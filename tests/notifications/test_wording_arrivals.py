"""What a customer is told of a parcel that came back, and of money that is less than was promised: how much, and why."""

from app import db
from app.orders import refund_steps
from app.returns import asking, deciding, kept, receiving, settling, withdrawals
from app.returns.receiving import Counted
from app.returns.settling import Deduction
from tests.notifications.steps import notifications, said_of
from tests.returns import bought


async def _came(kind: str, counted: Counted, note: str) -> tuple[int, str]:
    """Two teapots that came back: their merchant and their code."""
    order = await bought.delivered()
    line = (await bought.line_ids(order))[0]
    if kind == "withdrawal":
        code = await withdrawals.declare(order["customer"], {line: 2}, by="customer:1")
    else:
        code = await asking.ask(order["customer"], bought.asked(line, 2), by="customer:1")
        await deciding.approve(order["merchant"], code, by="member:1")
    it = await kept.by_code(code)
    await receiving.receive(order["merchant"], code, {it.lines[0].id: counted}, note=note, by="member:1")
    return order["merchant"], code


async def test_what_was_found_and_the_sellers_note_are_in_the_news_of_its_arrival() -> None:
    await _came("withdrawal", Counted(sound=1, damaged=1), "A cup is chipped")
    body = (await said_of("withdrawal_goods_received")).body
    assert "What was found: 1 in order, 1 damaged." in body
    assert "The seller says: “A cup is chipped”." in body


async def test_it_is_said_of_a_return_in_french_too() -> None:
    await _came("return", Counted(sound=1, missing=1), "")
    body = (await said_of("return_received", "fr")).body.replace("\u00a0", " ")
    assert "Constaté : 1 en bon état, 1 pas dans le colis." in body


async def test_of_what_came_in_order_nothing_is_added() -> None:
    await _came("return", Counted(sound=2), "")
    assert "What was found" not in (await said_of("return_received")).body


async def test_money_that_is_less_than_promised_says_why_and_leads_to_its_return() -> None:
    merchant, code = await _came("return", Counted(sound=1, damaged=1), "")
    line = (await kept.by_code(code)).lines[0].id
    await settling.refund(merchant, code, deductions={line: Deduction(800, "A chip")}, by="member:1")
    (refund,) = await db.rows("SELECT id FROM refunds")
    await refund_steps.record_reference(refund["id"], "SEPA 1", by="member:1")
    said = await said_of("refund_succeeded")
    assert "That is €8.00 less than the €96.00 that were promised. The seller says: “A chip”." in said.body
    assert said.action == "See the return"
    (row,) = [one for one in await notifications() if one["kind"] == "refund_succeeded"]
    assert row["url"] == f"/returns/{code}"


async def test_why_it_is_less_as_a_whole_is_said_with_the_decision() -> None:
    merchant, code = await _came("return", Counted(sound=2), "")
    await settling.refund(merchant, code, amount=5_000, reason="Their lids are missing", by="member:1")
    body = (await said_of("return_refunded")).body
    assert "It comes to €50.00. The seller says: “Their lids are missing”." in body


async def test_money_that_is_what_was_promised_says_nothing_of_less() -> None:
    merchant, code = await _came("return", Counted(sound=2), "")
    await settling.refund(merchant, code, by="member:1")
    (refund,) = await db.rows("SELECT id FROM refunds")
    await refund_steps.record_reference(refund["id"], "SEPA 1", by="member:1")
    assert "less than" not in (await said_of("refund_succeeded")).body
