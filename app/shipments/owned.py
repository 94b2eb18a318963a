"""One parcel of a customer's, by its order's address and its own id. A stranger's does not exist."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app import db, reading
from app.errors import Missing
from app.reading import decoder


class OwnedParcel(Struct, frozen=True, array_like=True):
    """Columns of `Shipment`, then of its `Order` and merchant."""

    id: int
    external_id: str
    carrier: str
    tracking_number: str
    status: str
    reason: str
    pickup: str
    shipped_at: datetime | None
    estimated_from: datetime | None
    estimated_to: datetime | None
    delivered_at: datetime | None
    scanned_at: datetime | None
    heard: str
    destination: str
    overdue_at: datetime | None
    overdue_why: str
    missing_at: datetime | None
    missing_what: str
    missing_told: str
    missing_note: str
    order: int
    address: str
    number: str
    customer: int
    merchant: int
    placed_at: datetime
    titles: str
    merchant_name: str
    merchant_email: str


OF_SHIPMENT = OwnedParcel.__struct_fields__[:20]
COLUMNS = ", ".join((
    *(f"s.{name}" for name in OF_SHIPMENT), "o.id", "o.address", "o.number", "o.customer", "o.merchant", "o.placed_at",
    "o.titles", "m.name", "m.email",
))  # fmt: skip
FROM = """
FROM shipments s JOIN orders o ON o.id = s."order" JOIN merchants m ON m.id = o.merchant
WHERE s.id = {} AND s.state = 'dispatched'
"""
read = decoder(OwnedParcel)


def about(parcel: OwnedParcel) -> dict[str, Any]:
    """What every event of a parcel says of it."""
    said: dict[str, Any] = {
        "key": parcel.external_id, "shipment": parcel.id, "carrier": parcel.carrier, "tracking_number": parcel.tracking_number,
    }  # fmt: skip
    if parcel.estimated_to is not None:
        said |= {"estimated_from": parcel.estimated_from, "estimated_to": parcel.estimated_to}
    return said


async def parcel(customer: int, address: str, number: int) -> OwnedParcel:
    """Raises Missing."""
    if not 0 < number <= db.MOST_ID:
        raise Missing
    found = await reading.texts(COLUMNS, f"{FROM} AND o.customer = {{}} AND o.address = {{}}", number, customer, address)
    if not found:
        raise Missing
    return read(found[0])


async def of_number(number: int) -> OwnedParcel:
    """For who has been handed it, and for chores. Raises Missing."""
    found = await reading.texts(COLUMNS, FROM, number)
    if not found:
        raise Missing
    return read(found[0])
