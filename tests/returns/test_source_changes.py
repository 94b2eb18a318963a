"""What a shop takes out of a return in its own system, of several orders."""

from app import db
from app.db import transaction
from app.returns import asking, deciding, kept, source_changes
from app.returns.asked import Asked, AskedLine
from app.returns.snapshot import SourceLine
from tests.returns import bought


async def _revision(order: int) -> int:
    (row,) = await db.rows("SELECT revision FROM orders WHERE id = {}", order)
    return int(row["revision"])


async def test_an_order_whose_lines_all_went_is_told_that_it_has_no_return_any_more() -> None:
    """A phone that keeps its page would show the return for ever."""
    orders = [await bought.delivered(number) for number in ("1001", "1002")]
    lines = [(await bought.line_ids(order))[0] for order in orders]
    what = Asked("return", [AskedLine(line, 1, "changed_mind") for line in lines])
    code = await asking.ask(orders[0]["customer"], what, by="source:shopify")
    async with transaction():
        it = await deciding.locked(orders[0]["merchant"], code)
        await source_changes.name(it, [SourceLine("1", 1, id="a"), SourceLine("2", 1, id="b")], {"1": lines[0], "2": lines[1]})
    before = [await _revision(order["id"]) for order in orders]
    async with transaction():
        it = await deciding.locked(orders[0]["merchant"], code)
        assert await source_changes.take_out(it, {"b": 1}, by="source:shopify")
    assert await kept.orders_of(it.it.id) == [orders[0]["id"]]
    after = [await _revision(order["id"]) for order in orders]
    assert all(now > then for now, then in zip(after, before, strict=True))
