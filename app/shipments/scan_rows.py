"""Scans as they are kept: under the carrier's own id, else under a digest of what they say, so that none is kept twice."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app import clock, db
from app.shipments.scan_times import moment
from app.shipments.snapshot import ScanSnapshot, TrackingSnapshot
from app.shipments.states import Seen

OF_A_PARCEL = "SELECT external_id, at, status, reason, place FROM scans WHERE shipment = {}"
LONGEST_ID, LONGEST_CODE = 160, 80


async def seen(shipment: int) -> list[Seen]:
    return [
        Seen(row["at"], row["status"], row["external_id"], row["reason"], row["place"])
        for row in await db.scan(OF_A_PARCEL, shipment)
    ]


async def add(shipment: int, news: TrackingSnapshot, zone: str, known: Sequence[Seen]) -> list[ScanSnapshot]:
    """Writes those that are new, and answers them."""
    have = {scan.external_id for scan in known}
    fresh: dict[str, ScanSnapshot] = {}
    for scan in news.scans:
        if (external_id := identity(news.source, scan)) not in have:
            fresh.setdefault(external_id, scan)
    heard = clock.now()
    await db.insert("scans", [_row(shipment, news.source, key, scan, zone, heard) for key, scan in fresh.items()])
    return list(fresh.values())


def identity(source: str, scan: ScanSnapshot) -> str:
    """What makes it the same one. Of a scan without an id all that the carrier said of it; what we make of it may change."""
    if scan.id:
        said = f"{source}:{scan.id}"
        return said if len(said) <= LONGEST_ID else f"{source}:{_digest(scan.id)}"
    said = "\0".join((scan.at.isoformat(), scan.words, scan.code, scan.place, scan.country))
    return _digest(said if scan.words or scan.code else f"{said}\0{scan.status}\0{scan.reason}")


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _row(shipment: int, source: str, key: str, scan: ScanSnapshot, zone: str, heard: datetime) -> dict[str, Any]:
    return {
        "shipment": shipment, "external_id": key, "source": source[:20], "at": moment(scan.at, scan.country, zone),
        "zoned": scan.at.tzinfo is not None, "status": scan.status, "reason": scan.reason, "words": scan.words,
        "code": scan.code[:LONGEST_CODE], "place": scan.place, "country": scan.country[:2].upper(), "latitude": scan.latitude,
        "longitude": scan.longitude, "recorded_at": heard,
    }  # fmt: skip
