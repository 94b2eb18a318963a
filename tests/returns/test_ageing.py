"""What keeps a return open once it is settled: money that somebody agreed to and that is still owed; nothing else."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from app import clock, db
from app.errors import Invalid, Refused
from app.ingest.snapshot import Payment
from app.orders import refund_steps, refunding
from app.orders.refunding import Wanted
from app.payments import own
from app.returns import ageing, asking, deciding, receiving, settling, withdrawals
from tests import builders
from tests.returns import bought, right

Doing = Callable[[int, int, int], Awaitable[object]]


async def _fails(order: int, of_return: int, refund: int) -> None:
    await refund_steps.fail(refund, by="member:1", reason="The account is closed")


async def _never_approved(order: int, of_return: int, refund: int) -> None:
    """Asked for beside what was paid, by a program; somebody at the desk has said no."""
    await refund_steps.record_reference(refund, "SEPA 1", by="member:1")
    (more,) = await refunding.request(order, Wanted(amount=100, of_return=of_return), by="api:1")
    await refund_steps.fail(more, by="member:1", reason="Not owed")


async def _tried_again(order: int, of_return: int, refund: int) -> None:
    await _fails(order, of_return, refund)
    await refund_steps.record_reference(await refunding.again(refund, by="member:1"), "SEPA 2", by="member:1")


async def _again_in_vain(order: int, of_return: int, refund: int) -> None:
    await _fails(order, of_return, refund)
    await _fails(order, of_return, await refunding.again(refund, by="member:1"))


async def _replaced(amount: int, order: int, of_return: int) -> None:
    (other,) = await refunding.request(order, Wanted(amount=amount, of_return=of_return), by="member:1", approved=True)
    await refund_steps.record_reference(other, "SEPA 3", by="member:1")


async def _paid_another_way(order: int, of_return: int, refund: int) -> None:
    await _fails(order, of_return, refund)
    await _replaced(4_800, order, of_return)


async def _paid_less(order: int, of_return: int, refund: int) -> None:
    await _fails(order, of_return, refund)
    await _replaced(4_000, order, of_return)


async def _given_there(order: int, of_return: int, refund: int) -> None:
    await refund_steps.fail(refund, by="system", reason=own.GIVEN_THERE)


async def _under_way(order: int, of_return: int, refund: int) -> None:
    """Approved, and nobody has paid it yet."""


CASES: dict[str, tuple[Doing, str]] = {
    "on its way": (_under_way, "refunded"), "failed": (_fails, "refunded"), "failed twice": (_again_in_vain, "refunded"),
    "failed, and less was paid": (_paid_less, "refunded"), "failed and tried again": (_tried_again, "closed"),
    "failed, and paid another way": (_paid_another_way, "closed"), "nobody agreed to it": (_never_approved, "closed"),
    "given by the shop itself": (_given_there, "closed"),
}  # fmt: skip


async def test_the_other_half_of_what_has_failed_takes_no_place_of_it() -> None:
    """Paid with two cards; one of them is closed. Then as much is given another way."""
    cards = [Payment(kind="card", brand=brand, amount=amount) for brand, amount in (("Visa", 3_000), ("Mastercard", 7_000))]
    order = await builders.order("5", lines=[builders.line("1", quantity=2, unit_price=5_000)], payments=cards)
    (line,) = await bought.line_ids(order)
    code = await withdrawals.declare(order["customer"], {line: 2}, by="customer:1")
    await settling.refund(order["merchant"], code, by="member:1")
    one, other = await db.rows("SELECT id, of_return, amount FROM refunds ORDER BY id")
    assert (one["amount"], other["amount"]) == (3_000, 7_000)
    await _fails(order["id"], one["of_return"], one["id"])
    await refund_steps.record_reference(other["id"], "SEPA 1", by="member:1")
    await db.execute("UPDATE returns SET settled_at = {}", clock.now() - timedelta(days=15))
    await ageing.age()
    assert await bought.state(code) == "refunded"
    await _replaced(3_000, order["id"], one["of_return"])
    await ageing.age()
    assert await bought.state(code) == "closed"


async def test_what_replaces_one_of_two_that_have_failed_leaves_the_other_owed() -> None:
    order = await builders.order("5", lines=[builders.line("1", quantity=2, unit_price=5_000)])
    (line,) = await bought.line_ids(order)
    code = await withdrawals.declare(order["customer"], {line: 2}, by="customer:1")
    await settling.refund(order["merchant"], code, amount=4_000, last=False, by="member:1")
    await settling.refund(order["merchant"], code, by="member:1")
    parts = await db.rows("SELECT id, of_return, amount FROM refunds ORDER BY id")
    for part in parts:
        await _fails(order["id"], part["of_return"], part["id"])
    await _replaced(6_000, order["id"], parts[0]["of_return"])
    await db.execute("UPDATE returns SET settled_at = {}", clock.now() - timedelta(days=15))
    await ageing.age()
    assert await bought.state(code) == "refunded"


@pytest.mark.parametrize("case", CASES)
async def test_only_money_that_is_owed_keeps_it_open(case: str) -> None:
    doing, state = CASES[case]
    order = await builders.order("5", lines=[builders.line("1", quantity=2)])
    (line,) = await bought.line_ids(order)
    code = await withdrawals.declare(order["customer"], {line: 1}, by="customer:1")
    await settling.refund(order["merchant"], code, by="member:1")
    (refund,) = await db.rows("SELECT id, of_return FROM refunds")
    await doing(order["id"], refund["of_return"], refund["id"])
    await db.execute("UPDATE returns SET settled_at = {}", clock.now() - timedelta(days=15))
    await ageing.age()
    assert await bought.state(code) == state


async def test_what_came_after_it_had_expired_cannot_be_asked_for_once_more() -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(teapots, 2), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    await db.execute("UPDATE returns SET send_by = {}", clock.now() - timedelta(days=60))
    await ageing.age()
    other = await asking.ask(order["customer"], bought.asked(teapots, 2), by="customer:1")
    with pytest.raises(Refused):
        await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    await deciding.cancel(order["customer"], other, by="customer:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    with pytest.raises(Invalid):
        await asking.ask(order["customer"], bought.asked(teapots, 1), by="customer:1")
    await right.everything(order["id"])
