"""What was sent in exchange comes back as well: the money goes to where the first order was paid from, and counts there."""

from collections.abc import Mapping
from typing import Any

import pytest

from app import db
from app.errors import Invalid, Refused
from app.i18n import Voice
from app.ingest.snapshot import Person
from app.orders import pages, refund_steps, refunding, sums
from app.orders.refunding import Wanted
from app.payments import bounds
from app.returns import asking, deciding, destinations, kept, payers, receiving, replacing, settling, withdrawals
from app.returns.asked import Asked, AskedLine
from app.returns.exchanging import Sending
from tests import builders
from tests.returns import bought
from tests.returns.right import everything

GIVEN = """
SELECT f."order", f.for_order, f.amount, f.bonus, f.kind FROM refunds f JOIN returns r ON r.id = f.of_return
WHERE r.code = {} AND f.state <> 'failed' ORDER BY f.id
"""


async def _back(order: Mapping[str, Any], line: int, **about: Any) -> str:
    """One of that line, counted."""
    code = await asking.ask(order["customer"], bought.asked(line, **about), by="customer:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    return code


async def _exchanged(order: Mapping[str, Any], line: int, *, ask: bool = False, **what: Any) -> Mapping[str, Any]:
    """The order that is sent in place of one of that line, on its way."""
    code = await _back(order, line, reason="wrong_size", wish="exchange", wanted="The small one")
    items = (await bought.same_again(code, **what)).items
    made = await replacing.exchange(order["merchant"], code, Sending(items=items, ask=ask), by="member:1")
    if ask:
        await replacing.difference_paid(order["merchant"], code, by="member:1")
    await replacing.sent(order["merchant"], code, carrier="Colissimo", number=f"6A{made}", by="member:1")
    await db.execute("UPDATE shipments SET status = 'delivered', delivered_at = shipped_at WHERE \"order\" = {}", made)
    (row,) = await db.rows("SELECT * FROM orders WHERE id = {}", made)
    return row


async def _first(**about: Any) -> tuple[Mapping[str, Any], int]:
    order = await bought.delivered(**about)
    return order, (await bought.line_ids(order))[0]


async def _given(code: str) -> list[tuple[int, int | None, int]]:
    return [(row["order"], row["for_order"], row["amount"]) for row in await db.rows(GIVEN, code)]


async def _refunded(order: int) -> tuple[int, int]:
    """Asked for, and left of what was paid."""
    room = await payers.room(order)
    assert room.given + room.left == room.paid
    return room.given, room.left


async def test_what_was_sent_in_exchange_is_worth_what_came_back_for_it() -> None:
    order, line = await _first()
    made = await _exchanged(order, line)
    assert (made["total"], made["discount"], made["exchanged"]) == (0, 4_800, 4_800)
    said = sums.sums((await pages.whole(order["customer"], made["address"], Voice("en")))[0].order, [], Voice("en"))
    assert [(one.label.split(" · ")[0], one.amount) for one in said[1:]] == [
        ("Paid with what came back", "-€48.00"),
        ("Total", "€0.00"),
    ]
    (new,) = await bought.line_ids(made)
    code = await withdrawals.declare(order["customer"], {new: 1}, by="customer:1", key="1")
    assert (await kept.by_code(code)).it.expected == 4_800
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    assert await settling.refund(order["merchant"], code, by="member:1") == 4_800
    assert await _given(code) == [(order["id"], made["id"], 4_800)]
    assert (await bought.state(code), (await kept.by_code(code)).it.refunded) == ("refunded", 4_800)
    for number in (order["id"], made["id"]):
        await everything(number)


async def test_a_difference_that_was_paid_goes_back_first_to_where_it_came_from() -> None:
    order, line = await _first()
    made = await _exchanged(order, line, ask=True, unit_price=5_000)
    assert (made["total"], made["exchanged"]) == (200, 4_800)
    (new,) = await bought.line_ids(made)
    code = await _back(made, new)
    assert (await kept.by_code(code)).it.expected == 5_000
    await settling.refund(order["merchant"], code, by="member:1")
    assert await _given(code) == [(made["id"], None, 200), (order["id"], made["id"], 4_800)]


@pytest.mark.parametrize(("price", "worth"), [(5_000, 4_800), (4_000, 4_000)])
async def test_nothing_that_was_waived_or_given_back_comes_back(price: int, worth: int) -> None:
    order, line = await _first()
    made = await _exchanged(order, line, unit_price=price)
    (new,) = await bought.line_ids(made)
    code = await _back(made, new)
    await settling.refund(order["merchant"], code, by="member:1")
    assert await _given(code) == [(order["id"], made["id"], worth)]
    given, _left = await _refunded(order["id"])
    assert given == 4_800
    await everything(order["id"])


async def test_an_exchange_of_an_exchange_goes_back_to_the_first() -> None:
    order, line = await _first()
    second = await _exchanged(order, line)
    (new,) = await bought.line_ids(second)
    third = await _exchanged(second, new)
    (newest,) = await bought.line_ids(third)
    code = await _back(third, newest)
    await settling.refund(order["merchant"], code, by="member:1")
    assert await _given(code) == [(order["id"], third["id"], 4_800)]
    assert await _refunded(second["id"]) == (0, 0)


async def test_it_is_given_in_parts_as_credit_and_no_more_than_there_is() -> None:
    order, line = await _first()
    made = await _exchanged(order, line)
    (new,) = await bought.line_ids(made)
    code = await _back(made, new, wish="store_credit")
    await settling.refund(order["merchant"], code, by="member:1", amount=1_000, last=False)
    with pytest.raises(Invalid):
        await settling.refund(order["merchant"], code, by="member:1", amount=3_801, last=False)
    await settling.refund(order["merchant"], code, by="member:1")
    given = await db.rows(GIVEN, code)
    assert [(row["order"], row["amount"], row["kind"]) for row in given] == [
        (order["id"], 1_000, "store_credit"), (order["id"], 3_800, "store_credit"),
    ]  # fmt: skip
    assert await bought.state(code) == "credited"


async def test_what_else_was_bought_keeps_its_money() -> None:
    order, line = await _first()
    made = await _exchanged(order, line)
    (new,) = await bought.line_ids(made)
    one = await _back(made, new)
    lines = await bought.line_ids(order)
    rest = await withdrawals.declare(order["customer"], {lines[0]: 1, lines[1]: 1}, by="customer:1", key="1")
    (row,) = await db.rows("SELECT total, payment FROM orders WHERE id = {}", order["id"])
    paid = (await bounds.of_order(order["id"], row["total"], row["payment"])).paid
    assert await settling.refund(order["merchant"], one, by="member:1") == 4_800
    await receiving.receive(order["merchant"], rest, {}, rest="sound", by="member:1")
    await settling.refund(order["merchant"], rest, by="member:1")
    assert await _refunded(order["id"]) == (paid, 0)
    await everything(order["id"])


async def test_one_that_failed_is_tried_again_for_the_same_order() -> None:
    order, line = await _first()
    made = await _exchanged(order, line)
    (new,) = await bought.line_ids(made)
    code = await _back(made, new)
    await settling.refund(order["merchant"], code, by="member:1")
    (row,) = await db.rows("SELECT f.id FROM refunds f JOIN returns r ON r.id = f.of_return WHERE r.code = {}", code)
    await refund_steps.fail(row["id"], by="member:1", reason="No such account")
    assert (await payers.of(made["id"]))[1].left == 4_800
    await refunding.again(row["id"], by="member:1")
    assert await _given(code) == [(order["id"], made["id"], 4_800)]
    assert await payers.possible(made["id"], 4_800) == 0


@pytest.mark.parametrize("price", [4_800, 1_000, 9_000])
async def test_a_replacement_of_a_claim_has_no_price_of_its_own(price: int) -> None:
    """Its customer has the thing that was paid for in the first order, and what they can ask for it."""
    order, line = await _first()
    code = await asking.ask(order["customer"], bought.asked(line, kind="claim", wish="replacement"), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    what = await bought.same_again(code, unit_price=price)
    made = await replacing.exchange(order["merchant"], code, what, by="member:1")
    (row,) = await db.rows("SELECT total, discount, exchanged FROM orders WHERE id = {}", made)
    assert tuple(row.values()) == (0, price, 0)
    assert await payers.possible(made, 4_800) == 0


async def test_what_was_made_here_for_one_return_is_not_sent_for_another() -> None:
    """An order that is paid with what came back for it, in a circle, could never say whose payments it was paid with."""
    order, line = await _first()
    one = await _exchanged(order, line)
    two = await _exchanged(one, (await bought.line_ids(one))[0])
    (new,) = await bought.line_ids(two)
    code = await _back(two, new, reason="wrong_size", wish="exchange", wanted="The first one")
    with pytest.raises(Invalid) as refused:
        await replacing.exchange(order["merchant"], code, Sending(number=one["number"]), by="member:1")
    assert "number" in refused.value.fields
    assert await payers.possible(two["id"], 10_000) == 4_800


async def test_what_an_order_has_paid_is_there_once_for_all_that_comes_back() -> None:
    """Something of it and what was sent in exchange for something of it in one return, and €30.00 given back as goodwill."""
    order, line = await _first()
    made = await _exchanged(order, line)
    await refunding.request(order["id"], Wanted(amount=3_000), by="member:1", approved=True)
    lines = [*(await bought.line_ids(made)), *(await bought.line_ids(order))]
    what = Asked("return", [AskedLine(line, 1, "changed_mind") for line in lines])
    code = await asking.ask(order["customer"], what, by="customer:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    it, left = await kept.by_code(code), (await payers.room(order["id"])).left
    assert it.it.expected > left == 8_340
    assert await destinations.told(it, Voice("en")) == [("Visa ·· 4242", "€83.40")]
    assert await settling.refund(order["merchant"], code, again=True, by="member:1") == left
    assert (await payers.room(order["id"])).left == 0
    for number in (order["id"], made["id"]):
        await everything(number)


async def test_an_order_that_is_somebody_elses_by_now_pays_for_nothing_of_hers() -> None:
    order, line = await _first()
    made = await _exchanged(order, line)
    lines = [builders.line("1", quantity=2), builders.line("2", title="Cup", sku="CUP-1", unit_price=1250)]
    bobs = Person(email=builders.BOB, name="Bob")
    await builders.order("1001", placed_at=order["placed_at"], lines=lines, customer=bobs)
    code = await _back(made, (await bought.line_ids(made))[0], wish="store_credit")
    assert await payers.possible(made["id"], 4_800) == 0
    with pytest.raises((Invalid, Refused)):
        await settling.refund(order["merchant"], code, amount=4_800, by="member:1")
    assert await db.rows("SELECT id FROM refunds") == await db.rows("SELECT id FROM balances") == []
