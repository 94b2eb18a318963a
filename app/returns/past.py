"""A merchant's newest returns with all that deciding on them rested on, in one read of a few parts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from app import reading
from app.orders import kept as order_rows
from app.orders.kept import KeptLine, KeptOrder
from app.reading import Part
from app.shipments.kept import KeptParcel, Packed

MOST = 50
THESE = (
    "(SELECT id FROM returns WHERE merchant = {} AND state <> 'unconfirmed' "  # noqa: S608
    f"ORDER BY id DESC LIMIT {MOST})"
)
ORDERS = f'(SELECT "order" FROM return_lines WHERE of_return IN {THESE})'  # noqa: S608


class PastReturn(Struct, frozen=True, array_like=True):
    """Columns of `Return`; `kept_rules` the merchant's rules by which it was judged (JSON), empty for the usual ones."""

    id: int
    code: str
    kind: str
    currency: str
    way: str
    created_at: datetime
    decided_by: str
    titles: str
    item_count: int
    name: str
    grounds: str
    kept_rules: str


class PastLine(Struct, frozen=True, array_like=True):
    """Columns of `ReturnLine`, and of the order's line as it is now: its category."""

    of_return: int
    order: int
    line: int
    quantity: int
    reason: str
    wish: str
    expected: int
    title: str
    sku: str
    category: str


class OrderedLine(KeptLine, frozen=True, array_like=True):
    of_order: int


class SentParcel(KeptParcel, frozen=True, array_like=True):
    of_order: int


class Whose(Struct, frozen=True, array_like=True):
    """The zone of the customer whose order it is, and until when the shop had it open."""

    order: int
    closed_at: datetime | None
    time_zone: str


class Order(Struct, frozen=True):
    order: KeptOrder
    whose: Whose
    lines: list[OrderedLine]
    parcels: list[SentParcel]
    contents: list[Packed]


class Past(Struct, frozen=True):
    """Newest first; `lines` by return, `orders` by id."""

    returns: list[PastReturn]
    lines: Mapping[int, list[PastLine]]
    orders: Mapping[int, Order]


PARTS = (
    Part(
        PastReturn,
        f"FROM returns r LEFT JOIN return_rules v ON v.id = r.rules WHERE r.id IN {THESE} ORDER BY r.id DESC",
        ", ".join((*(f"r.{name}" for name in PastReturn.__struct_fields__[:-1]), "coalesce(v.rules, '')")),
    ),
    Part(
        PastLine,
        f"FROM return_lines l LEFT JOIN order_lines o ON o.id = l.line WHERE l.of_return IN {THESE} ORDER BY l.position, l.id",
        ", ".join((*(f'l."{name}"' for name in PastLine.__struct_fields__[:-1]), "coalesce(o.category, '')")),
    ),
    Part(KeptOrder, f"FROM orders o JOIN merchants m ON m.id = o.merchant WHERE o.id IN {ORDERS}", order_rows.COLUMNS),
    Part(
        Whose,
        f"FROM orders o JOIN customers c ON c.id = o.customer WHERE o.id IN {ORDERS}",
        "o.id, o.closed_at, c.time_zone",
    ),
    Part(
        OrderedLine,
        f'FROM order_lines WHERE "order" IN {ORDERS} ORDER BY position, id',
        ", ".join((*KeptLine.__struct_fields__, '"order"')),
    ),
    Part(
        SentParcel,
        'FROM shipments s JOIN orders o ON o.id = s."order" '
        f"WHERE s.\"order\" IN {ORDERS} AND s.state = 'dispatched' ORDER BY s.position, s.id",
        ", ".join((*(f"s.{name}" for name in KeptParcel.__struct_fields__[:-1]), "o.merchant", 's."order"')),
    ),
    Part(
        Packed,
        f'FROM shipment_lines c JOIN order_lines l ON l.id = c.line WHERE l."order" IN {ORDERS} ORDER BY c.id',
        "c.shipment, c.quantity, l.title, c.line",
    ),
)


async def of_merchant(merchant: int) -> Past:
    returns, lines, orders, whose, bought, parcels, contents = await reading.together(PARTS, merchant)
    theirs = {it.order: it for it in whose}
    of_line = {line.id: line.of_order for line in bought}
    own_lines, own_parcels = _by(bought, "of_order"), _by(parcels, "of_order")
    packed: dict[int, list[Packed]] = {}
    for one in contents:
        packed.setdefault(of_line[one.line], []).append(one)
    found = {
        it.id: Order(it, theirs[it.id], own_lines.get(it.id, []), own_parcels.get(it.id, []), packed.get(it.id, []))
        for it in orders
    }
    return Past(returns, _by(lines, "of_return"), found)


def _by(rows: Sequence[Any], name: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, name), []).append(row)
    return found
