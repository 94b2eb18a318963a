"""What each line of some orders may be asked for at this moment, by the merchant's rules of this moment."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app import db
from app.returns import rights
from app.returns.arrivals import Item
from app.returns.cases import Right
from app.returns.worth import Worth

# SQLite's MIN of a time would be a text.
REPAIRED = """
SELECT l.line, r.settled_at AS at FROM return_lines l JOIN returns r ON r.id = l.of_return
WHERE r.kind = 'claim' AND r.state IN ('resolved', 'closed') AND l.wish = 'repair' AND l."order" IN ({marks})
ORDER BY r.settled_at DESC
"""


async def of_orders(orders: Mapping[int, Worth], at: datetime | None = None) -> dict[int, list[Right]]:
    """By the line's id, the strongest right first; as they were at another time than now, by what is known today."""
    repaired = await repairs(*orders)
    found: dict[int, list[Right]] = {}
    for it in orders.values():
        theirs = await rights.of_order(it.order["customer"], it.order["address"], repaired=repaired, at=at)
        found |= {line.item.id: line.rights for line in theirs.lines}
    return found


async def repairs(*orders: int) -> dict[int, datetime]:
    """By line, when it came back from its first repair under the guarantee: that lengthens it."""
    rows = await db.rows(REPAIRED.format(marks=db.marks(len(orders))), *orders) if orders else []
    return {row["line"]: row["at"] for row in rows}


def sold(row: Mapping[str, Any]) -> Item:
    """What rules look at, of an order line's row."""
    return Item(row["id"], row["quantity"], category=row["category"], title=row["title"], sku=row["sku"])
