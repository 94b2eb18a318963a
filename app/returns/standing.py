"""What each line of some orders may be asked for, and the rules' view of it."""

from collections.abc import Mapping
from typing import Any

from app.returns.arrivals import Item
from app.returns.cases import Right
from app.returns.ordered import OrderRights


def by_line(orders: Mapping[int, OrderRights]) -> dict[int, list[Right]]:
    """By the line's id, the strongest right first."""
    return {line.item.id: line.rights for it in orders.values() for line in it.lines}


def sold(row: Mapping[str, Any]) -> Item:
    """What rules look at, of an order line's row."""
    return Item(row["id"], row["quantity"], category=row["category"], title=row["title"], sku=row["sku"])
