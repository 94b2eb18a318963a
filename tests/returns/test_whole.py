"""The delivery comes back with the last of an order: once all of it is agreed to, not while some may stay."""

import pytest

from app.returns import asking, deciding, kept, withdrawals
from tests.returns import bought

DELIVERY = 490


async def _expected(code: str) -> int:
    return (await kept.by_code(code)).it.expected


@pytest.mark.parametrize("kind", ["return", "withdrawal"])
async def test_what_is_only_asked_for_may_stay_so_that_the_rest_is_not_all_of_it(kind: str) -> None:
    """The pots are asked for, then the cup; the pots are declined."""
    order = await bought.delivered()
    pots, cup = await bought.line_ids(order)
    first = await asking.ask(order["customer"], bought.asked(pots, 2), by="customer:1")
    if kind == "return":
        second = await asking.ask(order["customer"], bought.asked(cup), by="customer:1")
    else:
        second = await withdrawals.declare(order["customer"], {cup: 1}, by="customer:1")
    assert await _expected(second) == 1_250
    await deciding.decline(order["merchant"], first, clause="used", answer="", by="member:1")
    assert await _expected(second) == 1_250


@pytest.mark.parametrize("turns", [(0, 1), (1, 0)])
async def test_it_comes_with_the_one_that_is_agreed_to_last(turns: tuple[int, int]) -> None:
    order = await bought.delivered()
    pots, cup = await bought.line_ids(order)
    codes = [await asking.ask(order["customer"], bought.asked(*what), by="customer:1") for what in ((pots, 2), (cup, 1))]
    assert [await _expected(code) for code in codes] == [9_600, 1_250]
    for turn in turns:
        await deciding.approve(order["merchant"], codes[turn], by="member:1")
    expected = [9_600, 1_250]
    expected[turns[-1]] += DELIVERY
    assert [await _expected(code) for code in codes] == expected
