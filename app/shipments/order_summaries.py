"""An order's own columns after its parcels have changed (see `orders/summary.py`)."""

from collections.abc import Mapping, Sequence, Set
from typing import Any

import msgspec

from app import db
from app.orders.awaited import DRIVING
from app.orders.summary import Parcel, Quantities, Summary, summarise

COLUMNS = Summary.__struct_fields__
OF_A_PARCEL = tuple(name for name in Parcel.__struct_fields__ if name != "contents")
ORDER = f"""
SELECT {", ".join(f"o.{name}" for name in ("payment", "cancelled_at", "closed_at", *COLUMNS))},
  l.id AS line, l.quantity, l.cancelled_quantity, l.needs_shipping, l.returned_quantity
FROM orders o LEFT JOIN order_lines l ON l."order" = o.id WHERE o.id = {{}}
"""  # noqa: S608 - our own words
PARCELS = f"""
SELECT s.id, {", ".join(f"s.{name}" for name in OF_A_PARCEL)}, c.line, c.quantity
FROM shipments s LEFT JOIN shipment_lines c ON c.shipment = s.id WHERE s."order" = {{}} ORDER BY s.position, s.id
"""  # noqa: S608


def concerned(changed: Set[str], status: str) -> bool:
    """By those columns of a parcel of that status. When it was last seen matters only while it is in the van."""
    return not changed.isdisjoint(OF_A_PARCEL if status == DRIVING else {*OF_A_PARCEL} - {"scanned_at"})


async def renew(order: int) -> None:
    """In the transaction of the change. What stays the same is not written."""
    found = await db.rows(ORDER, order)
    row, lines = found[0], [it for it in found if it["line"] is not None]
    summary = summarise(
        [_quantities(it) for it in lines],
        _parcels(await db.rows(PARCELS, order)),
        payment=row["payment"], cancelled=row["cancelled_at"] is not None, closed=row["closed_at"] is not None,
    )  # fmt: skip
    changed = {name: value for name, value in msgspec.structs.asdict(summary).items() if row[name] != value}
    if changed:
        pairs = ", ".join(f'"{name}" = {{}}' for name in changed)
        await db.execute(f"UPDATE orders SET {pairs} WHERE id = {{}}", *changed.values(), order)  # noqa: S608


def _quantities(row: Mapping[str, Any]) -> Quantities:
    cancelled, sent = row["cancelled_quantity"], bool(row["needs_shipping"])
    return Quantities(str(row["line"]), row["quantity"], cancelled, sent, row["returned_quantity"])


def _parcels(rows: Sequence[Mapping[str, Any]]) -> list[Parcel]:
    """One row for each line that a parcel holds, and for a parcel of which nobody said what it holds."""
    found: dict[int, Parcel] = {}
    for row in rows:
        parcel = found.setdefault(row["id"], Parcel(**{name: row[name] for name in OF_A_PARCEL}, contents={}))
        if row["line"] is not None:
            parcel.contents[str(row["line"])] = row["quantity"]
    return list(found.values())
