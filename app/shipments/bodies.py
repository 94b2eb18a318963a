"""What programs send and are answered of parcels."""

from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct

from app import db, json_bodies
from app.errors import Missing
from app.shipments import checks
from app.shipments.actions import NUMBER
from app.shipments.snapshot import Content, Part, PickupPoint, ScanSnapshot, TrackingSnapshot

SOURCE = "api"
KEPT = """
SELECT s.*, o.external_id AS order_id, r.code FROM shipments s LEFT JOIN orders o ON o.id = s."order"
LEFT JOIN returns r ON r.id = s.of_return WHERE s.id = {}
"""
OF_NUMBER = f"""
SELECT s.id FROM shipments s LEFT JOIN orders o ON o.id = s."order" LEFT JOIN returns r ON r.id = s.of_return
WHERE coalesce(o.merchant, r.merchant) = {{}} AND {NUMBER.format("s.tracking_number")} = {NUMBER} ORDER BY s.id
"""  # noqa: S608


class Tracking(Part):
    """What is known of a parcel now. Fields left out say nothing, and scans once sent stay. `order` is the id in the shop of
    the order that the parcel belongs to, for one that is not known here yet; `lines` says what of it is inside.

    Times without a zone are read by the clock of the place, else by the merchant's. `said_at` is when this was known: of two
    estimates the newer one is kept.
    """

    carrier: str = ""
    service: str = ""
    tracking_url: str = ""
    scans: list[ScanSnapshot] = []
    estimated_from: datetime | None = None
    estimated_to: datetime | None = None
    pickup: PickupPoint | None = None
    signed_by: str = ""
    said_at: datetime | None = None
    order: str = ""
    lines: list[Content] = []


class ParcelTaken(Struct, frozen=True):
    """What became of it: `scans` counts those that are new."""

    tracking_number: str
    result: Literal["new", "updated", "unchanged"]
    scans: int


class Parcel(Struct, frozen=True):
    """One parcel as it is kept; `order` is its order's id in the shop. What comes back has the code of its return instead,
    `return_code`. `state` is what the merchant did, `status` what the carrier says. `photo` and `signature`: whether there is a
    proof of that kind."""

    order: str
    return_code: str
    carrier: str
    tracking_number: str
    service: str
    tracking_url: str
    destination: str
    state: str
    status: str
    reason: str
    shipped_at: datetime | None
    scanned_at: datetime | None
    estimated_from: datetime | None
    estimated_to: datetime | None
    delivered_at: datetime | None
    pickup: PickupPoint | None
    signed_by: str
    photo: bool
    signature: bool
    lines: list[Content]
    scans: list[ScanSnapshot]


class Parcels(Struct, frozen=True):
    """All with that number: usually one."""

    parcels: list[Parcel]


def tracking(body: bytes, number: str) -> tuple[Tracking, TrackingSnapshot]:
    """Raises Broken, Invalid with all that is wrong."""
    sent, wrong = json_bodies.read(body, Tracking, "The parcel")
    said = {name: getattr(sent, name) for name in Tracking.__struct_fields__ if name not in ("order", "lines")}
    news = TrackingSnapshot(source=SOURCE, tracking_number=number, **said)
    wrong = checks.problems(news) | wrong
    if sent.lines and not sent.order:
        wrong.setdefault("/order", "missing: whose lines are these?")
    if "\0" in sent.order:
        wrong.setdefault("/order", "a NUL character")
    if wrong:
        json_bodies.refuse(wrong, "The parcel")
    return sent, news


def scans(body: bytes, number: str) -> TrackingSnapshot:
    """One scan, or a list of them. Raises as `tracking`."""
    several = body.lstrip()[:1] == b"["
    sent, wrong = json_bodies.read(body, list[ScanSnapshot] if several else ScanSnapshot, "The scan")
    found = sent if several else [sent]
    unfit = checks.of_scans(found, "")
    wrong = (unfit if several else {pointer.removeprefix("/0"): why for pointer, why in unfit.items()}) | wrong
    if wrong:
        json_bodies.refuse(wrong, "The scan")
    return TrackingSnapshot(source=SOURCE, tracking_number=number, scans=found)


async def of_number(merchant: int, number: str) -> Parcels:
    """Under which one merchant may have several, those that come back among them. Raises Missing."""
    found = await db.rows(OF_NUMBER, merchant, "".join(number.split()))
    if not found:
        raise Missing
    return Parcels([await kept(row["id"]) for row in found])


async def kept(shipment: int) -> Parcel:
    (row,) = await db.rows(KEPT, shipment)
    inside = await db.rows(
        "SELECT l.external_id AS line, c.quantity FROM shipment_lines c JOIN order_lines l ON l.id = c.line "
        "WHERE c.shipment = {} ORDER BY c.id",
        shipment,
    )
    said = await db.rows("SELECT * FROM scans WHERE shipment = {} ORDER BY at, id", shipment)
    about: dict[str, Any] = {name: row[name] for name in Parcel.__struct_fields__ if name in row}
    return Parcel(**about | {
        "order": row["order_id"] or "", "return_code": row["code"] or "",
        "pickup": msgspec.json.decode(row["pickup"], type=PickupPoint | None),
        "photo": bool(row["proof_photo"]), "signature": bool(row["proof_signature"]),
        "lines": [Content(line=part["line"], quantity=part["quantity"]) for part in inside],
        "scans": [_scan(one) for one in said],
    })  # fmt: skip


def _scan(row: Any) -> ScanSnapshot:
    """The id as the program gave it; a digest of ours says nothing to anybody."""
    names = [name for name in ScanSnapshot.__struct_fields__ if name != "id"]
    name = row["external_id"].removeprefix(f"{SOURCE}:") if row["external_id"].startswith(f"{SOURCE}:") else ""
    return ScanSnapshot(id=name, **{field: row[field] for field in names})
