"""What a shop gives back in its own system for a return is counted once, whichever of its orders it stands on there."""

from collections.abc import Mapping
from typing import Any

import pytest

from app import clock, db
from app.errors import Refused
from app.i18n import Voice
from app.ingest.snapshot import Person, Refund
from app.orders import refund_steps, refunds_waiting
from app.returns import asking, guests, happened, kept, owed, payers, receiving, replacing, settling, source_refunds, unfounded
from app.returns.asked import Asked, AskedLine
from app.returns.unfounded_reasons import Why
from tests import builders
from tests.returns import bought, withdrawn

LINES = [builders.line("1", quantity=2), builders.line("2", title="Cup", sku="CUP-1", unit_price=1250)]


async def _exchanged() -> tuple[Mapping[str, Any], int]:
    """The first order, and the only line of what was sent in exchange for one of its teapots: the shop knows nothing of it."""
    order = await bought.delivered()
    wish = bought.asked((await bought.line_ids(order))[0], reason="wrong_size", wish="exchange", wanted="The small one")
    code = await asking.ask(order["customer"], wish, by="customer:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    made = await replacing.exchange(order["merchant"], code, await bought.same_again(code), by="member:1")
    await replacing.sent(order["merchant"], code, carrier="Colissimo", number="6A1", by="member:1")
    await db.execute("UPDATE shipments SET status = 'delivered', delivered_at = shipped_at WHERE \"order\" = {}", made)
    (line,) = await db.rows('SELECT id FROM order_lines WHERE "order" = {}', made)
    return order, line["id"]


async def _given_there(order: Mapping[str, Any], code: str, amount: int) -> None:
    """By the shop, on the first order, with every news of it."""
    said = [Refund(id="w1", amount=amount, reason=f"for {code}", at=clock.now())]
    await builders.order("1001", placed_at=order["placed_at"], lines=LINES, refunds=said)
    for _twice in range(2):
        await source_refunds.paid_for(order["merchant"], code, ["w1"], by="source:woocommerce")


async def _count_all(order: Mapping[str, Any], lines: list[int]) -> str:
    what = Asked("return", [AskedLine(line, 1, "changed_mind") for line in lines])
    code = await asking.ask(order["customer"], what, by="customer:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    return code


async def test_what_was_sent_in_exchange_is_paid_for_on_the_first_order() -> None:
    order, line = await _exchanged()
    code = await _count_all(order, [line])
    await _given_there(order, code, 4_800)
    assert (await bought.state(code), (await kept.by_code(code)).it.refunded) == ("refunded", 4_800)
    assert [row["amount"] for row in await db.rows("SELECT amount FROM refunds")] == [4_800]


async def test_all_of_it_on_one_order_leaves_nothing_for_the_others() -> None:
    """The cup (12.50) of the first order, and what was sent in exchange (48.00)."""
    order, line = await _exchanged()
    cup = (await bought.line_ids(order))[1]
    code = await _count_all(order, [line, cup])
    before = (await payers.room(order["id"])).left
    await _given_there(order, code, 6_050)
    assert await bought.state(code) == "refunded"
    assert (await payers.room(order["id"])).left == before - 6_050


async def test_a_part_of_it_leaves_the_rest() -> None:
    order, line = await _exchanged()
    cup = (await bought.line_ids(order))[1]
    code = await _count_all(order, [line, cup])
    await _given_there(order, code, 2_000)
    assert sum(share.total for share in await owed.left(await kept.by_code(code))) == 4_050
    assert await settling.refund(order["merchant"], code, by="member:1") == 4_050
    assert (await kept.by_code(code)).it.refunded == 6_050


async def test_another_customers_return_is_not_settled_by_it() -> None:
    order, _line = await _exchanged()
    bobs = await bought.delivered("2001", customer=Person(email=builders.BOB, name="Bob"))
    code = await _count_all(bobs, [(await bought.line_ids(bobs))[0]])
    try:
        await _given_there(order, code, 4_800)
    except Refused:
        raise AssertionError("news of an order is never refused for that") from None
    assert (await bought.state(code), (await kept.by_code(code)).it.refunded) == ("received", 0)


async def test_a_claim_whose_money_the_shop_has_given_back_is_granted_whatever_was_wished_for() -> None:
    order = await bought.delivered()
    wish = bought.asked((await bought.line_ids(order))[0], kind="claim", wish="replacement")
    code = await asking.ask(order["customer"], wish, by="customer:1")
    await _given_there(order, code, 4_800)
    assert await bought.state(code) == "resolved"


async def test_what_was_decided_here_and_not_sent_is_less_by_what_the_shop_gives_for_it() -> None:
    order = await bought.delivered()
    code = await _count_all(order, [(await bought.line_ids(order))[0]])
    await settling.refund(order["merchant"], code, by="member:1")
    await _given_there(order, code, 2_000)
    found = await db.rows("SELECT amount, origin FROM refunds WHERE state <> 'failed' ORDER BY id")
    assert sorted((row["origin"], row["amount"]) for row in found) == [("counter", 2_800), ("source", 2_000)]
    assert (await kept.by_code(code)).it.refunded == 4_800


async def test_all_of_it_given_by_the_shop_leaves_nothing_to_be_sent_and_other_orders_theirs() -> None:
    first, second = [await bought.delivered(number) for number in ("1001", "1002")]
    lines = [(await bought.line_ids(order))[0] for order in (first, second)]
    code = await _count_all(first, lines)
    await settling.refund(first["merchant"], code, amount=4_800, last=False, by="member:1")
    (ours,) = await db.rows('SELECT id, "order" FROM refunds')
    shop = first if ours["order"] == first["id"] else second
    said = [Refund(id="w1", amount=4_800, reason=f"for {code}", at=clock.now())]
    await builders.order(shop["external_id"], placed_at=shop["placed_at"], lines=LINES, refunds=said)
    await source_refunds.paid_for(first["merchant"], code, ["w1"], by="source:woocommerce")
    assert await settling.refund(first["merchant"], code, by="member:1") + (await kept.by_code(code)).it.refunded >= 9_600
    assert (await kept.by_code(code)).it.refunded == 9_600


async def test_for_what_has_no_effect_nothing_counts_as_paid_and_the_desk_reads_what_the_shop_gave() -> None:
    order = await bought.delivered(lines=LINES)
    code = await guests.confirm(await withdrawn.guest())
    await unfounded.close(order["merchant"], code, Why("forgotten"), answer="As you wrote", by="member:6")
    await _given_there(order, code, 2_000)
    it = await kept.by_code(code)
    assert (it.it.state, it.it.refunded) == ("unfounded", 0)
    said = [one.detail for one in await happened.told(it, Voice("en", "UTC"), desk=True)]
    assert sum("before it is put in force" in detail for detail in said) == 1


@pytest.mark.parametrize(("given", "lacks"), [(4_800, 0), (3_000, 1_800)])
async def test_what_has_failed_is_tried_again_only_as_far_as_the_shop_has_not_given_it(given: int, lacks: int) -> None:
    order = await bought.delivered()
    code = await _count_all(order, [(await bought.line_ids(order))[0]])
    await settling.refund(order["merchant"], code, by="member:1")
    (ours,) = await db.rows("SELECT id FROM refunds")
    await refund_steps.fail(ours["id"], by="member:1", reason="No such account")
    await _given_there(order, code, given)
    for _twice in range(2):
        if lacks:
            await settling.retry(order["merchant"], ours["id"], by="member:1", by_hand=True, again=False)
        else:
            with pytest.raises(Refused, match="gone back another way"):
                await settling.retry(order["merchant"], ours["id"], by="member:1", by_hand=True, again=False)
    assert (await kept.by_code(code)).it.refunded == 4_800
    waiting = await refunds_waiting.of_merchant(order["merchant"], Voice("en"))
    assert [one.card.amount for one in waiting] == (["€18.00"] if lacks else [])
