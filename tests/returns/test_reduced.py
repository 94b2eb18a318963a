"""What was given back for a claim while the goods stayed is not given back with them once more."""

import pytest

from app import db
from app.orders import refund_steps
from app.returns import asking, deciding, kept, payers, receiving, repairing, replacing, settling, withdrawals
from tests.returns import bought
from tests.returns.right import everything


async def _claim(line: int, customer: int, merchant: int, wish: str) -> str:
    code = await asking.ask(customer, bought.asked(line, kind="claim", wish=wish), by="customer:1")
    await deciding.approve(merchant, code, by="member:1")
    return code


@pytest.mark.parametrize("way", ["cheaper one", "a part, and a repair", "a part, and a replacement"])
async def test_the_rest_of_its_price_comes_back_when_it_is_withdrawn_from(way: str) -> None:
    """Two teapots for 48.00 each; for one of them 38.00 went back."""
    order = await bought.delivered()
    line = (await bought.line_ids(order))[0]
    if way == "cheaper one":
        code = await _claim(line, order["customer"], order["merchant"], "replacement")
        await replacing.exchange(order["merchant"], code, await bought.same_again(code, unit_price=1_000), by="member:1")
    else:  # money was wished for, and has gone out for the piece
        code = await _claim(line, order["customer"], order["merchant"], "refund")
        await settling.refund(order["merchant"], code, amount=3_800, last=False, by="member:1")
        (part,) = await db.rows("SELECT id FROM refunds")
        await refund_steps.record_reference(part["id"], "SEPA 1", by="member:1")
        if way == "a part, and a repair":
            await repairing.repaired(order["merchant"], code, by="member:1")
        else:
            await replacing.exchange(order["merchant"], code, await bought.same_again(code), by="member:1")
    assert ((await kept.by_code(code)).it.refunded, await bought.state(code)) == (3_800, "resolved")
    back = await withdrawals.declare(order["customer"], {line: 2}, by="customer:1")
    assert (await kept.by_code(back)).it.expected == 9_600 - 3_800
    await receiving.receive(order["merchant"], back, {}, rest="sound", by="member:1")
    assert await settling.refund(order["merchant"], back, by="member:1") == 5_800
    assert (await payers.room(order["id"])).given == 9_600
    await everything(order["id"])


async def test_of_one_piece_its_part_comes_back_and_of_both_no_cent_more_than_was_left() -> None:
    order = await bought.delivered()
    line = (await bought.line_ids(order))[0]
    code = await _claim(line, order["customer"], order["merchant"], "repair")
    await settling.refund(order["merchant"], code, amount=1_001, last=False, by="member:1")
    await repairing.repaired(order["merchant"], code, by="member:1")
    found = []
    for _piece in range(2):
        back = await withdrawals.declare(order["customer"], {line: 1}, by="customer:1")
        found.append((await kept.by_code(back)).it.expected)
    assert sum(found) == 9_600 - 1_001
