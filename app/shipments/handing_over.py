"""Where a parcel waits, and what proves that it was handed over."""

from datetime import datetime

import msgspec
from msgspec import Struct

from app.i18n import Voice
from app.shipments.projection import Place, on_earth
from app.shipments.snapshot import PickupPoint

POINT = msgspec.json.Decoder(PickupPoint | None)
OVER = ("delivered", "returned_to_sender", "cancelled")  # nothing waits any more


class PickupCard(Struct, frozen=True, kw_only=True):
    """`route` is a geo: address (RFC 5870), which opens whatever map a person has; `stop` is the same for our own."""

    name: str
    address: list[str]
    hours: list[str]
    code: str
    until: str
    route: str
    stop: tuple[str, Place] | None


class Proof(Struct, frozen=True):
    """`photo` and `signature` are addresses of private pictures, empty where there are none."""

    when: str
    signed_by: str
    photo: str
    signature: str


def pickup(text: str, status: str, voice: Voice) -> PickupCard | None:
    """From the JSON of a shipment; nothing once the parcel is gone from there."""
    point = None if status in OVER else POINT.decode(text)
    if point is None:
        return None
    where = on_earth(point.longitude, point.latitude)
    return PickupCard(
        name=point.name, address=point.address, hours=point.hours, code=point.code,
        until=voice.gettext("It waits there until %(day)s") % {"day": voice.weekday(point.until)} if point.until else "",
        route=f"geo:{where[1]},{where[0]}?q={where[1]},{where[0]}" if where else "",
        stop=(point.name, where) if where else None,
    )  # fmt: skip


def proof(at: datetime | None, signed_by: str, photo: str, signature: str, voice: Voice) -> Proof | None:
    """Nothing where only the time is known: the sentence has that."""
    if not (signed_by or photo or signature):
        return None
    return Proof(voice.moment(at) if at else "", signed_by, photo, signature)
