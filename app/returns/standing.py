"""What each line of some orders may be asked for at this moment: the facts of their parcels, put to `windows.rights`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from app import clock, db
from app.returns import windows
from app.returns.arrivals import Bought, Item, Parcel
from app.returns.cases import Right
from app.returns.rule_book import Rules
from app.returns.worth import Worth
from app.settings import settings

FACTS = """
SELECT o.id, o.placed_at, o.state, o.fulfilment, o.shipping_address, o.arrives_to, c.time_zone
FROM orders o JOIN customers c ON c.id = o.customer WHERE o.id IN ({marks})
"""
PARCELS = """
SELECT s.id, s."order", s.status, s.delivered_at, s.shipped_at, l.line, l.quantity FROM shipments s
LEFT JOIN shipment_lines l ON l.shipment = s.id WHERE s.state = 'dispatched' AND s."order" IN ({marks}) ORDER BY s.id
"""
REPAIRED = """
SELECT l.line, MIN(r.settled_at) AS at FROM return_lines l JOIN returns r ON r.id = l.of_return
WHERE r.kind = 'claim' AND r.state IN ('resolved', 'closed') AND l.wish = 'repair' AND l."order" IN ({marks}) GROUP BY l.line
"""
ALL_SENT = ("shipped", "partly_delivered", "delivered", "partly_returned", "returned")


async def of_orders(orders: Mapping[int, Worth], rules: Rules, at: datetime | None = None) -> dict[int, list[Right]]:
    """By the line's id, the strongest right first; as they were at another time than now, by what is known today."""
    if not orders:
        return {}
    marks, numbers = db.marks(len(orders)), list(orders)
    facts = await db.rows(FACTS.format(marks=marks), *numbers)
    parcels = await db.rows(PARCELS.format(marks=marks), *numbers)
    repairs = await db.rows(REPAIRED.format(marks=marks), *numbers)
    repaired = {row["line"]: _moment(row["at"]) for row in repairs}
    found: dict[int, list[Right]] = {}
    for row in facts:
        bought = _bought(row, orders[row["id"]], parcels, repaired)
        rights = windows.of_all(bought, rules, withdrawing=settings.withdrawal, now=at or clock.now())
        found |= {item.id: them for item, them in zip(bought.items, rights, strict=True)}
    return found


def sold(row: Mapping[str, Any]) -> Item:
    """What rules look at, of an order line's row."""
    return Item(row["id"], row["quantity"], category=row["category"], title=row["title"], sku=row["sku"])


def _bought(row: Mapping[str, Any], it: Worth, parcels: Sequence[Any], repaired: Mapping[int, Any]) -> Bought:
    address = msgspec.json.decode(row["shipping_address"]) or {}
    items = [
        Item(
            line["id"], it.left[line["id"]].theirs, bool(line["needs_shipping"]), line["category"], line["title"], line["sku"],
            repaired.get(line["id"]),
        )
        for line in it.lines
    ]  # fmt: skip
    return Bought(
        row["placed_at"], items, _parcels([one for one in parcels if one["order"] == row["id"]]), row["time_zone"] or "UTC",
        str(address.get("country") or ""), str(address.get("region") or ""), row["arrives_to"], row["state"],
        row["fulfilment"] in ALL_SENT,
    )  # fmt: skip


def _parcels(rows: Collection[Any]) -> list[Parcel]:
    contents: dict[int, dict[int, int]] = {}
    for row in rows:
        them = contents.setdefault(row["id"], {})
        if row["line"] is not None:
            them[row["line"]] = them.get(row["line"], 0) + row["quantity"]
    heads = {row["id"]: row for row in rows}
    return [Parcel(_delivered(row), contents[number] or None, row["shipped_at"]) for number, row in heads.items()]


def _delivered(row: Mapping[str, Any]) -> Any:
    return row["delivered_at"] if row["status"] == "delivered" else None


def _moment(value: Any) -> Any:
    """SQLite's MIN of a time is its text."""
    return msgspec.convert(value.replace(" ", "T"), type=clock.datetime) if isinstance(value, str) else value
