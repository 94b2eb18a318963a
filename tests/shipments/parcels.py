"""Parcels for tests, in orders of Alice's at Mo's unless said otherwise."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app import clock, db
from app.ingest.snapshot import LineQuantity, Shipment
from tests import builders


def shipment(id: str = "1", **about: Any) -> Shipment:
    """Handed to Colissimo two days ago with the one teapot."""
    said: dict[str, Any] = {
        "carrier": "Colissimo", "tracking_number": f"6A{int(id):011d}", "status": "in_transit",
        "shipped_at": clock.now() - timedelta(days=2), "lines": [LineQuantity(line="1", quantity=1)], **about,
    }  # fmt: skip
    return Shipment(id=id, **said)


async def parcel(external_id: str = "1001", columns: Mapping[str, Any] | None = None, **about: Any) -> db.Row:
    """The row of the only parcel of an order placed three days ago, with its order's `address`; `order` in `about` goes to
    the order, `columns` are written past the verbs."""
    order = await builders.order(
        external_id, **{"placed_at": clock.now() - timedelta(days=3), **about.pop("order", {})}, shipments=[shipment(**about)]
    )
    row = (await db.rows('SELECT id FROM shipments WHERE "order" = {}', order["id"]))[0]
    for column, value in (columns or {}).items():
        await db.execute(f"UPDATE shipments SET {column} = {{}} WHERE id = {{}}", value, row["id"])
    found = await db.one('SELECT s.*, o.address FROM shipments s JOIN orders o ON o.id = s."order" WHERE s.id = {}', row["id"])
    assert found is not None
    return found


async def delivered(count: int, days: int, *, carrier: str = "Colissimo", start: int = 0, now: datetime | None = None) -> None:
    """So many parcels of Mo's to Alice in Lyon that took so many days without a Sunday."""
    at = (now or clock.now()) - timedelta(days=40)
    monday = at - timedelta(days=at.weekday())
    for n in range(start, start + count):
        await parcel(
            f"D{n}", id="1", carrier=carrier, status="delivered", shipped_at=monday, delivered_at=monday + timedelta(days=days),
            order={"placed_at": monday - timedelta(days=1)},
        )  # fmt: skip
