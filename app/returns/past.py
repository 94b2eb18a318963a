"""A merchant's newest returns with all that deciding on them rested on, in one read of a few parts."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from app import reading
from app.reading import Part
from app.returns import rights
from app.returns.rights import Rows

MOST = 50
THESE = (
    "(SELECT id FROM returns WHERE merchant = {} AND state <> 'unconfirmed' "  # noqa: S608
    f"ORDER BY id DESC LIMIT {MOST})"
)
ORDERS = f'SELECT "order" FROM return_lines WHERE of_return IN {THESE}'  # noqa: S608


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


class Past(Struct, frozen=True):
    """Newest first; `lines` by return, `orders` by id."""

    returns: list[PastReturn]
    lines: Mapping[int, list[PastLine]]
    orders: Mapping[int, Rows]


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
    *rights.parts(ORDERS)[:-1],  # what was repaired since is no return's or withdrawal's affair
)


async def of_merchant(merchant: int) -> Past:
    returns, lines, orders, bought, parcels, contents, terms = await reading.together(PARTS, merchant)
    of_return: dict[int, list[PastLine]] = {}
    for line in lines:
        of_return.setdefault(line.of_return, []).append(line)
    return Past(returns, of_return, rights.gathered(orders, bought, parcels, contents, terms, ()))
