"""An order's own row after its parcels changed: what lists show of it is written with the change."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from app import db
from app.orders.summary import Parcel, Quantities, summarise

ORDER = "SELECT payment, cancelled_at, closed_at FROM orders WHERE id = {}"
LINES = 'SELECT id, quantity, cancelled_quantity, needs_shipping FROM order_lines WHERE "order" = {}'
PARCELS = """
SELECT id, state, status, carrier, shipped_at, estimated_from, estimated_to, delivered_at FROM shipments
WHERE "order" = {} ORDER BY position, id
"""
CONTENTS = """
SELECT c.shipment, c.line, c.quantity FROM shipment_lines c JOIN shipments s ON s.id = c.shipment WHERE s."order" = {}
"""


async def write(order: int) -> None:
    """In the transaction of the change."""
    (row,) = await db.scan(ORDER, order)
    lines, parcels, contents = await db.scan(LINES, order), await db.scan(PARCELS, order), await db.scan(CONTENTS, order)
    summary = msgspec.structs.asdict(
        summarise(
            [_quantities(line) for line in lines], [_parcel(parcel, contents) for parcel in parcels], payment=row["payment"],
            cancelled=row["cancelled_at"] is not None, closed=row["closed_at"] is not None,
        )
    )  # fmt: skip
    columns = ", ".join(f"{name} = {{}}" for name in summary)
    await db.execute(f"UPDATE orders SET {columns} WHERE id = {{}}", *summary.values(), order)  # noqa: S608


def _quantities(line: db.Row) -> Quantities:
    return Quantities(str(line["id"]), line["quantity"], line["cancelled_quantity"], bool(line["needs_shipping"]))


def _parcel(parcel: Mapping[str, Any], contents: Sequence[db.Row]) -> Parcel:
    inside = {str(part["line"]): part["quantity"] for part in contents if part["shipment"] == parcel["id"]}
    named = {name: parcel[name] for name in Parcel.__struct_fields__ if name != "contents"}
    return Parcel(**named, contents=inside)
