"""The parcels of an Amazon order: rows with the same tracking number, or without one the same ship date."""

from datetime import datetime

from app.ingest.amazon.cells import Cells
from app.ingest.amazon.words import SENT, carriers, states
from app.ingest.grouping import unique
from app.ingest.snapshot import CarrierStatus, Line, LineQuantity, Shipment

CARRIER = "Carrier Name & Tracking Number"
SHIPPED = ("Ship Date", "Shipment Date")


def parcel_of(cells: Cells) -> str:
    """Rows with the same text here went in one parcel; "" when the row tells of none."""
    when = cells.moment(*SHIPPED)
    return cells.text(CARRIER) or (when.isoformat() if when else "sent" if states(cells) & SENT else "")


def parcels(rows: list[tuple[Cells, Line]]) -> list[Shipment]:
    """What Amazon sent, without what was cancelled; of the delivery it says nothing, or “Delivered”."""
    groups: dict[str, list[tuple[Cells, Line]]] = {}
    for cells, line in rows:
        parcel = parcel_of(cells)
        if parcel and line.quantity > line.cancelled_quantity:
            groups.setdefault(parcel, []).append((cells, line))
    taken: dict[str, int] = {}
    return [shipment for group in groups.values() for shipment in _shipments(group, taken)]


def _shipments(group: list[tuple[Cells, Line]], taken: dict[str, int]) -> list[Shipment]:
    """Mostly one. Of two numbers joined in a row nobody knows what was in which: the first has the lines."""
    first = group[0][0]
    shipped_at = min((when for cells, _ in group if (when := cells.moment(*SHIPPED))), default=None)
    status: CarrierStatus = "delivered" if all("delivered" in states(cells) for cells, _ in group) else "unknown"
    found = [
        Shipment(
            id=unique(number or _date_id(shipped_at), taken),
            carrier=carrier,
            tracking_number=number,
            status=status,
            shipped_at=shipped_at,
        )
        for carrier, number in carriers(first.text(CARRIER)) or [("", "")]
    ]
    found[0].lines = [LineQuantity(line=line.id, quantity=line.quantity - line.cancelled_quantity) for _, line in group]
    return found


def _date_id(shipped_at: datetime | None) -> str:
    return f"{shipped_at:%Y-%m-%dT%H:%M:%SZ}" if shipped_at else "parcel"
