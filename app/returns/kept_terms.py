"""What an order's rights rest on, as it is kept: its merchant's rules, then and now, and what was repaired of it."""

from datetime import datetime

from msgspec import Struct

from app.reading import Part


class KeptTerms(Struct, frozen=True, array_like=True):
    """The newest rules of an order's merchant (0 and nothing for one that has written none), those of the day on which it was
    placed and since when they are there (see `binding.py`), and whose order it is."""

    order: int
    version: int
    rules: str
    then: str
    since: datetime | None
    merchant: int
    state: str
    closed_at: datetime | None
    time_zone: str


class KeptRepair(Struct, frozen=True, array_like=True):
    """A line that came back from a repair under the guarantee, and when."""

    line: int
    at: datetime


OF_SHOP = "SELECT {of}(v.id) FROM return_rules v WHERE v.merchant = o.merchant"
NEWEST, FIRST = OF_SHOP.format(of="max"), OF_SHOP.format(of="min")
# For `reading.together` with an order's id, or several.
PARTS = (
    Part(
        KeptTerms,
        "FROM orders o JOIN customers c ON c.id = o.customer "
        f"LEFT JOIN return_rules r ON r.id = ({NEWEST}) "
        f"LEFT JOIN return_rules t ON t.id = coalesce(({NEWEST} AND v.at <= o.placed_at), ({FIRST})) WHERE o.id IN ({{}})",
        "o.id, coalesce(r.id, 0), coalesce(r.rules, ''), coalesce(t.rules, ''), t.at, o.merchant, o.state, o.closed_at, "
        "c.time_zone",
    ),
    Part(
        KeptRepair,
        "FROM return_lines l JOIN returns r ON r.id = l.of_return "
        'WHERE l.line IN (SELECT id FROM order_lines WHERE "order" IN ({})) '
        "AND l.wish = 'repair' AND r.kind = 'claim' AND r.state IN ('resolved', 'closed') "
        "AND r.settled_at IS NOT NULL ORDER BY r.settled_at DESC",
        "l.line, r.settled_at",
    ),
)
