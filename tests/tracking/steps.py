"""A parcel of Alice's that senders tell of, and what is known of it afterwards."""

from typing import Any

from app import db
from app.ingest.snapshot import LineQuantity, Shipment
from tests import builders


async def parcel(number: str) -> int:
    """Its row's id."""
    parts = [Shipment(id="p1", carrier="Colissimo", tracking_number=number, lines=[LineQuantity(line="1", quantity=1)])]
    order = await builders.order("A-1", shipments=parts)
    return (await db.rows('SELECT id FROM shipments WHERE "order" = {}', order["id"]))[0]["id"]


async def row_of(parcel_id: int) -> dict[str, Any]:
    return dict((await db.rows("SELECT * FROM shipments WHERE id = {}", parcel_id))[0])


async def told() -> list[tuple[str, str]]:
    """(kind, data) of what is recorded of parcels."""
    found = await db.rows("SELECT kind, data FROM events WHERE kind LIKE 'shipment%' ORDER BY id")
    return [(row["kind"], row["data"]) for row in found]
