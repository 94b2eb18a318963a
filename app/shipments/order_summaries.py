"""An order's own columns after its parcels have changed (see `orders/summary.py`)."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from app import db
from app.orders.summary import Parcel, Quantities, Summary, summarise

COLUMNS = Summary.__struct_fields__
ORDER = f"SELECT payment, cancelled_at, closed_at, {', '.join(COLUMNS)} FROM orders WHERE id = {{}}"  # noqa: S608
LINES = 'SELECT id, quantity, cancelled_quantity, needs_shipping FROM order_lines WHERE "order" = {}'
PARCELS = (
    "SELECT id, state, status, carrier, shipped_at, estimated_from, estimated_to, delivered_at FROM shipments "
    'WHERE "order" = {} ORDER BY position, id'
)
CONTENTS = (
    'SELECT c.shipment, c.line, c.quantity FROM shipment_lines c JOIN shipments s ON s.id = c.shipment WHERE s."order" = {}'
)


async def renew(order: int) -> None:
    """In the transaction of the change. What stays the same is not written."""
    row = (await db.rows(ORDER, order))[0]
    lines = await db.rows(LINES, order)
    summary = summarise(
        [Quantities(str(it["id"]), it["quantity"], it["cancelled_quantity"], bool(it["needs_shipping"])) for it in lines],
        _parcels(await db.rows(PARCELS, order), await db.rows(CONTENTS, order)),
        payment=row["payment"], cancelled=row["cancelled_at"] is not None, closed=row["closed_at"] is not None,
    )  # fmt: skip
    changed = {name: value for name, value in msgspec.structs.asdict(summary).items() if row[name] != value}
    if changed:
        pairs = ", ".join(f'"{name}" = {{}}' for name in changed)
        await db.execute(f"UPDATE orders SET {pairs} WHERE id = {{}}", *changed.values(), order)  # noqa: S608


def _parcels(rows: Sequence[Mapping[str, Any]], contents: Sequence[Mapping[str, Any]]) -> list[Parcel]:
    holds: dict[int, dict[str, int]] = {}
    for part in contents:
        inside = holds.setdefault(part["shipment"], {})
        inside[str(part["line"])] = part["quantity"]
    names = [name for name in Parcel.__struct_fields__ if name != "contents"]
    return [Parcel(**{name: row[name] for name in names}, contents=holds.get(row["id"], {})) for row in rows]
