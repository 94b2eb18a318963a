"""Rows read as structs say on either engine what the columns hold."""

from datetime import UTC, datetime

from msgspec import Struct

from app import db, reading
from app.reading import Part
from tests import builders
from tests.builders import line

AT = datetime(2026, 11, 2, 9, 30, 0, 123456, tzinfo=UTC)


class Head(Struct, array_like=True):
    number: str
    total: int
    archived: bool | int
    placed_at: datetime
    cancelled_at: datetime | None
    note: str


class Item(Struct, array_like=True):
    title: str
    quantity: int


async def test_every_kind_of_cell_comes_back_as_it_was() -> None:
    note = "“Ring” \\ 'wait'\n\t& <b> 😀 \x01"
    await builders.order(placed_at=AT, note=note, total=2**53 + 1)
    (text,) = await reading.texts(", ".join(Head.__struct_fields__), "FROM orders")
    assert reading.decoder(Head)(text) == Head("1001", 2**53 + 1, False, AT, None, note)


async def test_parts_are_read_together_each_in_its_own_order() -> None:
    row = await builders.order(lines=[line("1", title="Cup"), line("2", title="Bowl", quantity=3)])
    await builders.order("1002", lines=[line("1", title="Vase")])
    parts = (
        Part(Item, 'FROM order_lines WHERE "order" = {} ORDER BY position DESC'),
        Part(Head, "FROM orders WHERE id = {}"),
        Part(Item, 'FROM order_lines WHERE "order" = {} AND quantity > 5'),
    )
    items, heads, none = await reading.together(parts, row["id"])
    assert items == [Item("Bowl", 3), Item("Cup", 1)]
    assert [head.number for head in heads] == ["1001"]
    assert none == []


async def test_an_argument_may_be_an_expression() -> None:
    row = await builders.order(lines=[line("1", title="Cup")])
    part = Part(Item, 'FROM order_lines WHERE "order" = {}').of("(SELECT id FROM orders WHERE customer = {} AND number = {})")
    assert await reading.together((part,), row["customer"], "1001") == [[Item("Cup", 1)]]
    assert await reading.together((part,), row["customer"] + 1, "1001") == [[]]


async def test_what_a_transaction_has_written_is_read_inside_it() -> None:
    row = await builders.order()
    async with db.transaction():
        await db.execute("UPDATE orders SET note = {} WHERE id = {}", "new", row["id"])
        ((head,),) = await reading.together((Part(Head, "FROM orders WHERE id = {}"),), row["id"])
    assert head.note == "new"
