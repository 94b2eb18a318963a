"""What each line of some orders may be asked for at this moment, by the merchant's rules of this moment."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.returns import rights
from app.returns.arrivals import Item
from app.returns.cases import Right
from app.returns.worth import Worth


async def of_orders(orders: Mapping[int, Worth], at: datetime | None = None) -> dict[int, list[Right]]:
    """By the line's id, the strongest right first; as they are at that moment, now unless it is said."""
    found: dict[int, list[Right]] = {}
    for it in orders.values():
        theirs = await rights.of_order(it.order["customer"], it.order["address"], at=at)
        found |= {line.item.id: line.rights for line in theirs.lines}
    return found


def sold(row: Mapping[str, Any]) -> Item:
    """What rules look at, of an order line's row."""
    return Item(row["id"], row["quantity"], category=row["category"], title=row["title"], sku=row["sku"])
