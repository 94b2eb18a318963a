"""What carriers have said of a parcel stands when the shop speaks of it again (see `shipments/actions.py`)."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from app import db
from app.ingest.snapshot import OrderSnapshot, Shipment
from app.shipments import facts
from app.shipments.numbers import plain

Tracked = Mapping[str, set[str]]  # a shipment's id → the fields of `Shipment` that are its carrier's
BY_SCANS = {"status", "delivered_at"}
BY_ESTIMATE = {"estimated_from", "estimated_to"}
FILLED = {"carrier", "tracking_url", "shipped_at"}  # where the shop says nothing
HEARD = """
SELECT s."order", s.external_id, s.heard,
EXISTS (SELECT 1 FROM scans c WHERE c.shipment = s.id AND c.status <> 'unknown') AS scanned
FROM shipments s WHERE s."order" IN ({}) AND (s.scanned_at IS NOT NULL OR s.heard <> {})
"""


async def tracked(order_ids: Sequence[int]) -> dict[int, Tracked]:
    """By order id; orders whose carriers have said nothing are left out."""
    found: dict[int, dict[str, set[str]]] = {}
    if not order_ids:
        return {}
    for row in await db.scan(HEARD.format(db.marks(len(order_ids)), "{}"), *order_ids, "{}"):
        own = found.setdefault(row["order"], {}).setdefault(row["external_id"], set(FILLED))
        own |= BY_SCANS if row["scanned"] else set()
        own |= BY_ESTIMATE if facts.ESTIMATE in facts.ages(row) else set()
    return dict(found)


def with_carriers(before: OrderSnapshot, after: OrderSnapshot, said: Tracked) -> OrderSnapshot:
    known = {part.id: part for part in before.shipments}
    return replace(after, shipments=[
        _of_carrier(known[part.id], part, said[part.id]) if part.id in said and part.id in known else part
        for part in after.shipments
    ])  # fmt: skip


def another_number(before: Shipment, after: Shipment) -> bool:
    """The shop has put the number right: what was said of the former is about somebody else's parcel."""
    return bool(after.tracking_number) and plain(before.tracking_number) != plain(after.tracking_number)


def other_news(before: Shipment, after: Shipment) -> bool:
    """Whether the shop says of a parcel what makes a mark of lateness untrue: where it is, or when it comes."""
    about = ("state", "status", "estimated_to", "delivered_at")
    return another_number(before, after) or any(getattr(before, name) != getattr(after, name) for name in about)


def _of_carrier(before: Shipment, after: Shipment, fields: set[str]) -> Shipment:
    if another_number(before, after):
        return after
    empty = {name for name in FILLED if not getattr(after, name)}
    return replace(after, **{name: getattr(before, name) for name in fields if name not in FILLED or name in empty})
