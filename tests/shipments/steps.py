"""A parcel of Alice's on its way, and what its carrier says of it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from app import db
from app.ingest.snapshot import LineQuantity, Shipment
from app.shipments.snapshot import ScanSnapshot, TrackingSnapshot
from app.shipments.statuses import CarrierStatus
from tests import builders

NUMBER = "6A 1234 5678"
START = datetime(2026, 11, 3, 8, tzinfo=UTC)


def shipment(number: str = NUMBER, **about: Any) -> Shipment:
    said = {"carrier": "Colissimo", "lines": [LineQuantity(line="1", quantity=1)], **about}
    return Shipment(id="p1", tracking_number=number, **said)


async def parcel(external_id: str = "A-1", **about: Any) -> int:
    """Its row's id; `about` is of the shipment."""
    order = await builders.order(external_id, shipments=[shipment(**about)])
    return (await db.rows('SELECT id FROM shipments WHERE "order" = {}', order["id"]))[0]["id"]


def scan(hours: float, status: CarrierStatus, **about: Any) -> ScanSnapshot:
    return ScanSnapshot(at=START + timedelta(hours=hours), status=status, **about)


def news(*scans: ScanSnapshot, number: str = NUMBER, source: str = "test", **about: Any) -> TrackingSnapshot:
    return TrackingSnapshot(source=source, tracking_number=number, scans=list(scans), **about)


async def row_of(parcel_id: int) -> dict[str, Any]:
    return dict((await db.rows("SELECT * FROM shipments WHERE id = {}", parcel_id))[0])


async def told(order: int | None = None) -> list[tuple[str, str]]:
    """(kind, key) of what is recorded of parcels; “…” before what is told to nobody."""
    found = await db.rows("SELECT kind, data, noticed_at FROM events WHERE kind LIKE 'shipment_%' ORDER BY id")
    return [(("" if row["noticed_at"] is None else "…") + row["kind"], _data(row).get("key", "")) for row in found]


def _data(row: Mapping[str, Any]) -> dict[str, Any]:
    return msgspec.json.decode(row["data"], type=dict[str, Any])
