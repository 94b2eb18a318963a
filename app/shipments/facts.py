"""What messages say of a parcel beside its scans: each fact is kept with its age, and a newer one replaces it.

The age of a message is when its source says it was made, else that of its newest scan; never later than now. Of two facts
of one age the greater one is kept, so that the order in which they come makes no difference. `Shipment.heard` is JSON: fact
→ age.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from app import clock
from app.shipments.local_times import instant
from app.shipments.scans import clean
from app.shipments.snapshot import PickupPoint, TrackingSnapshot

# The shop's own word stands: the carrier only fills what is empty.
SHOP_FIRST = ("carrier", "tracking_url")
ESTIMATE, SHIPPED = "estimate", "shipped_at"
encode = msgspec.json.Encoder(order="deterministic").encode


class Learnt(Struct, frozen=True):
    """`columns` to set on the shipment; `news`: whether anybody can see a difference."""

    columns: dict[str, Any]
    news: bool


def ages(row: Mapping[str, Any]) -> dict[str, datetime]:
    return msgspec.json.decode(row["heard"], type=dict[str, datetime])


def written(known: Mapping[str, datetime]) -> str:
    return encode(known).decode()


def learnt(row: Mapping[str, Any], news: TrackingSnapshot, zone: str) -> Learnt:
    """`row`: of `Shipment`. `zone`: where times without one are read when the destination does not say."""
    known, age = ages(row), _age(news, zone)
    columns: dict[str, Any] = {}
    seen = False
    for name, values in _said(news, row["destination"][:2], zone).items():
        before = {column: row[column] for column in values}
        if name in SHOP_FIRST and name not in known and row[name]:
            continue
        same = before == values
        if name in known and (age or clock.now(), encode(values)) <= (known[name], encode(before)):
            continue
        if same and age is None:
            continue
        known[name] = age or clock.now()
        columns |= values
        seen = seen or not same
    return Learnt(columns | {"heard": written(known)} if columns else {}, seen)


def _age(news: TrackingSnapshot, zone: str) -> datetime | None:
    times = [instant(scan.at, scan.country, zone) for scan in news.scans]
    age = instant(news.said_at, "", zone) if news.said_at else max(times, default=None)
    return min(age, clock.now()) if age else None


def _said(news: TrackingSnapshot, country: str, zone: str) -> dict[str, dict[str, Any]]:
    """Fact → columns, of those about which the message says anything."""
    texts = {name: clean(getattr(news, name)) for name in ("carrier", "service", "tracking_url", "signed_by")}
    found: dict[str, dict[str, Any]] = {name: {name: text} for name, text in texts.items() if text}
    if news.estimated_from or news.estimated_to:
        window = [at and instant(at, country, zone) for at in (news.estimated_from, news.estimated_to or news.estimated_from)]
        found[ESTIMATE] = dict(zip(("estimated_from", "estimated_to"), window, strict=True))
    if news.pickup:
        found["pickup"] = {"pickup": _pickup(news.pickup, country, zone)}
    return found


def _pickup(point: PickupPoint, country: str, zone: str) -> str:
    until = point.until and instant(point.until, country, zone)
    return encode(msgspec.structs.replace(point, until=until)).decode().replace("\\u0000", "")
