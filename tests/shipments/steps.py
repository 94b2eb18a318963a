"""A parcel of Alice's and what its carrier says of it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from app import db
from app.events.actions import data_of
from app.ingest.snapshot import LineQuantity, Shipment
from app.shipments.actions import Taken, take
from app.shipments.snapshot import ScanSnapshot, TrackingSnapshot
from tests import builders

T0 = datetime(2026, 11, 3, 8, tzinfo=UTC)
NUMBER = "1Z5R89390357567127"


def hours(count: float) -> datetime:
    return T0 + timedelta(hours=count)


async def parcel(**about: Any) -> Mapping[str, Any]:
    """The order's row; its one parcel holds the teapot."""
    said: dict[str, Any] = {"id": "p1", "carrier": "UPS", "tracking_number": NUMBER, "shipped_at": T0, **about}
    said.setdefault("lines", [LineQuantity(line="1", quantity=1)])
    return await builders.order(shipments=[Shipment(**said)])


def scan(at: float, status: Any, **about: Any) -> ScanSnapshot:
    """`at`: hours after T0."""
    return ScanSnapshot(at=hours(at), status=status, **{"words": status.upper(), **about})


def message(*scans: ScanSnapshot, number: str = NUMBER, **about: Any) -> TrackingSnapshot:
    return TrackingSnapshot(**{"source": "test", "tracking_number": number, "scans": list(scans), **about})


async def said(*scans: ScanSnapshot, **about: Any) -> Taken:
    return await take(await builders.merchant(), message(*scans, **about))


async def shipment() -> Mapping[str, Any]:
    (row,) = await db.rows("SELECT * FROM shipments")
    return row


async def order() -> Mapping[str, Any]:
    (row,) = await db.rows("SELECT * FROM orders")
    return row


async def told() -> list[str]:
    """Kinds of what was told of parcels, oldest record first."""
    return [row["kind"] for row in await db.rows("SELECT kind FROM events WHERE kind LIKE 'shipment%' ORDER BY id")]


async def noticed() -> list[str]:
    """Of these, what nobody was notified of yet."""
    rows = await db.rows("SELECT kind FROM events WHERE kind LIKE 'shipment%' AND noticed_at IS NULL ORDER BY id")
    return [row["kind"] for row in rows]


async def event(kind: str) -> dict[str, Any]:
    rows = await db.rows("SELECT data FROM events WHERE kind = {} ORDER BY id DESC LIMIT 1", kind)
    return data_of(rows[0]["data"])


async def everything() -> list[Any]:
    """All that a message could have written."""
    tables = ("scans", "shipments", "orders", "events", "customers", "carrier_words", "payments", "refunds")
    return [[dict(row) for row in await db.rows(f"SELECT * FROM {table} ORDER BY id")] for table in tables]
