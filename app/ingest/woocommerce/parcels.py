"""Parcels of a WooCommerce order. WooCommerce knows none: the plugin Shipment Tracking keeps them with the order.

Its entries do not say what is in a parcel. But a completed order is "fulfilled and complete" in WooCommerce's words:
everything is in the only parcel, or in one of which nothing is known if the order was to be delivered somehow.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from app.ingest.json_fields import Record
from app.ingest.snapshot import Line, LineQuantity, Shipment

TRACKING = "_wc_shipment_tracking_items"
LATEST = 4_102_444_800  # 2100, in seconds


def parcels(order: Record, lines: list[Line], completed_at: datetime | None) -> list[Shipment]:
    found = order.distinct("meta_data", [_parcel(entry) for entry in _entries(order)])
    if completed_at and not found and list(order.each("shipping_lines")):
        found = [Shipment(id="completed", shipped_at=completed_at)]
    if completed_at and len(found) == 1:
        found[0].lines = [LineQuantity(line=line.id, quantity=line.quantity) for line in lines if line.quantity]
    return found


def _entries(order: Record) -> Iterator[Record]:
    """PHP writes a list as an object when its numbering has gaps."""
    for meta in order.each("meta_data"):
        if meta.values.get("key") == TRACKING and meta.has("value"):
            if isinstance(meta.values["value"], dict):
                numbered = meta.part("value")
                yield from (numbered.part(number) for number in numbered.values)
            else:
                yield from meta.each("value")


def _parcel(entry: Record) -> Shipment:
    return Shipment(
        id=entry.first("tracking_id", "tracking_number") or entry.required("tracking_number"),
        carrier=entry.first("custom_tracking_provider", "tracking_provider"),
        tracking_number=entry.text("tracking_number"),
        tracking_url=entry.link("custom_tracking_link"),
        shipped_at=_shipped_at(entry),
    )


def _shipped_at(entry: Record) -> datetime | None:
    """Seconds since 1970, or a date."""
    text = entry.text("date_shipped")
    if text.isdecimal() and len(text) > 8:
        return datetime.fromtimestamp(min(int(text), LATEST), UTC)
    return entry.time("date_shipped")
