"""Parcels that come back: one a return. They have no order, so that nothing that looks at an order's parcels sees them.

Carriers' news of them is taken in as of any other (`actions.take`).
"""

from datetime import datetime

from msgspec import Struct

from app import db, reading
from app.reading import Part
from app.shipments import checks, scans, tracking_numbers
from app.shipments.actions import NUMBER
from app.shipments.adding import known_by
from app.shipments.kept import KeptParcel, KeptScan
from app.shipments.numbers import plain

# Somebody else's: an order's, or another customer's on its way back.
TAKEN = f"""
SELECT s.id FROM shipments s LEFT JOIN orders o ON o.id = s."order" LEFT JOIN returns r ON r.id = s.of_return
WHERE coalesce(o.merchant, r.merchant) = {{}} AND {NUMBER.format("s.tracking_number")} = {NUMBER}
  AND (s."order" IS NOT NULL OR r.customer IS NULL OR r.customer <> {{}}) LIMIT 1
"""  # noqa: S608
OTHER = """
UPDATE shipments SET tracking_number = {}, carrier = {}, external_id = {}, status = 'unknown', tracking_url = '',
  shipped_at = NULL, delivered_at = NULL, estimated_from = NULL, estimated_to = NULL WHERE id = {}
"""
COLUMNS = ", ".join((*(f"s.{name}" for name in KeptParcel.__struct_fields__[:-1]), "r.merchant"))
PARTS = (
    Part(KeptParcel, "FROM shipments s JOIN returns r ON r.id = s.of_return WHERE s.of_return = {}", COLUMNS),
    Part(
        KeptScan,
        "FROM scans s JOIN shipments p ON p.id = s.shipment WHERE p.of_return = {} ORDER BY s.at DESC, s.id DESC LIMIT 1000",
        ", ".join(f"s.{name}" for name in KeptScan.__struct_fields__),
    ),
)


class Way(Struct, frozen=True):
    """How far it has come: columns of `Shipment`, as its scans alone say."""

    carrier: str
    tracking_number: str
    status: str
    scanned_at: datetime | None
    delivered_at: datetime | None


async def expect(merchant: int, customer: int, of_return: int, number: str, carrier: str) -> bool:
    """In the transaction of who says so, the customer's row locked. Whether it is tracked: not without a number, and not under
    that of somebody else's parcel, whose way is none of theirs. Another number takes the place of a former one."""
    if checks.of_number(number) or await db.rows(TAKEN, merchant, number, customer):
        return False
    known = await db.one("SELECT id, tracking_number FROM shipments WHERE of_return = {}", of_return)
    carrier = carrier or tracking_numbers.carrier(number)
    record = known_by(number, carrier, "")
    if known is None:
        await db.insert("shipments", [{"of_return": of_return, "position": 0, **record}])
    elif plain(known["tracking_number"]) != plain(number):
        await scans.forget(known["id"])
        await db.execute(OTHER, number, carrier, record["external_id"], known["id"])
    return True


async def way(of_return: int) -> Way | None:
    columns = ", ".join(Way.__struct_fields__)
    row = await db.one(f"SELECT {columns} FROM shipments WHERE of_return = {{}}", of_return)  # noqa: S608 - our own words
    return Way(**row) if row else None


async def kept(of_return: int) -> tuple[KeptParcel | None, list[KeptScan]]:
    """With its scans, newest first."""
    parcels, seen = await reading.together(PARTS, of_return)
    return (parcels[0] if parcels else None), seen
