"""What a desk sees of the orders that a return is about: what was bought in each, and what else is asked of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from msgspec import Struct

from app import db, reading
from app.i18n import Voice, _
from app.returns import kept, queue
from app.returns.kept import Kept
from app.returns.queue import QueueCard

T = TypeVar("T", bound=Struct)
MOST = 100  # lines of the orders, and other returns of them
ORDERS = "FROM orders WHERE merchant = {{}} AND id IN ({marks}) ORDER BY placed_at, id"
LINES = 'FROM order_lines WHERE "order" IN ({marks}) ORDER BY "order", position LIMIT {most}'
OTHERS = """
{at_desk} AND r.id <> {{}} AND r.id IN (SELECT of_return FROM return_lines WHERE "order" IN ({marks}))
ORDER BY r.id DESC LIMIT {most}
"""


class Bought(Struct, frozen=True, array_like=True):
    """Columns of `Order`."""

    id: int
    number: str
    placed_at: datetime
    delivered_at: datetime | None
    total: int
    currency: str


class BoughtLine(Struct, frozen=True, array_like=True):
    """Columns of `OrderLine`; `order` is the order's id."""

    order: int
    title: str
    variant: str
    quantity: int
    total: int


class OrderBeside(Struct, frozen=True):
    """`lines`: what, which of it, amount."""

    number: str
    when: list[str]
    lines: list[tuple[str, str, str]]
    total: str


async def shown(it: Kept, voice: Voice) -> tuple[list[OrderBeside], list[QueueCard]]:
    """The orders, and the other returns of them; none for a declaration that belongs to no order yet."""
    if not (orders := await kept.orders_of(it.it.id)):
        return [], []
    said, merchant = {"marks": db.marks(len(orders)), "most": MOST, "at_desk": queue.AT_DESK}, it.it.merchant
    bought = await _read(Bought, ORDERS.format(**said), merchant, *orders)
    lines = await _read(BoughtLine, LINES.format(**said), *orders)
    others = await reading.texts(queue.COLUMNS, OTHERS.format(**said), merchant, it.it.id, *orders)
    return [_order(one, lines, voice) for one in bought], [queue.card(queue.read(text), voice) for text in others]


async def _read(kind: type[T], rest: str, *args: Any) -> list[T]:
    columns = ", ".join(f'"{name}"' for name in kind.__struct_fields__)
    return [reading.decoder(kind)(text) for text in await reading.texts(columns, rest, *args)]


def _order(it: Bought, lines: Sequence[BoughtLine], voice: Voice) -> OrderBeside:
    when = [_("Placed on %(day)s") % {"day": voice.day(it.placed_at)}]
    if it.delivered_at:
        when.append(_("delivered on %(day)s") % {"day": voice.day(it.delivered_at)})
    theirs = [one for one in lines if one.order == it.id]
    said = [(f"{one.quantity} × {one.title}", one.variant, voice.money(one.total, it.currency)) for one in theirs]
    return OrderBeside(it.number, when, said, voice.money(it.total, it.currency))
