"""Parcels as they are kept, and what hangs on them: read together with their order."""

from datetime import datetime

from msgspec import Struct

from app.reading import Part


class KeptParcel(Struct, frozen=True, array_like=True):
    """Columns of `Shipment`, and the merchant of its order."""

    id: int
    carrier: str
    tracking_number: str
    tracking_url: str
    state: str
    status: str
    shipped_at: datetime | None
    estimated_from: datetime | None
    estimated_to: datetime | None
    delivered_at: datetime | None
    service: str
    scanned_at: datetime | None
    reason: str
    pickup: str
    signed_by: str
    proof_photo: str
    proof_signature: str
    destination: str
    heard: str
    overdue_at: datetime | None
    overdue_why: str
    missing_at: datetime | None
    missing_told: str
    missing_note: str
    external_id: str
    merchant: int


class Packed(Struct, frozen=True, array_like=True):
    """So many of a line's items in the shipment of that id."""

    shipment: int
    quantity: int
    title: str
    line: int


class KeptScan(Struct, frozen=True, array_like=True):
    """Columns of `Scan`."""

    shipment: int
    at: datetime
    status: str
    reason: str
    words: str
    place: str
    country: str
    latitude: float | None
    longitude: float | None


# For `reading.together` with the order's id: the parcels that were really sent, what was in them, and where they were seen,
# newest first; that is more scans than any carrier makes of a parcel, times the parcels of a large order.
PARTS = (
    Part(
        KeptParcel,
        'FROM shipments s JOIN orders o ON o.id = s."order" '
        "WHERE s.\"order\" = {} AND s.state <> 'cancelled' ORDER BY s.position, s.id",
        ", ".join((*(f"s.{name}" for name in KeptParcel.__struct_fields__[:-1]), "o.merchant")),
    ),
    Part(
        Packed,
        'FROM shipment_lines c JOIN order_lines l ON l.id = c.line WHERE l."order" = {} ORDER BY c.id',
        "c.shipment, c.quantity, l.title, c.line",
    ),
    Part(
        KeptScan,
        'FROM scans s JOIN shipments p ON p.id = s.shipment WHERE p."order" = {} ORDER BY s.at DESC, s.id DESC LIMIT 1000',
        ", ".join(f"s.{name}" for name in KeptScan.__struct_fields__),
    ),
)
