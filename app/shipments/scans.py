"""Scans as they are kept: each once, whoever brings it how often."""

import hashlib
import math
from collections.abc import Sequence
from datetime import UTC
from typing import Any

import msgspec

from app import clock, db
from app.shipments.local_times import instant
from app.shipments.snapshot import ScanSnapshot
from app.shipments.states import Checkpoint

MOST = 2_000  # of one parcel; those of a year's odyssey are some hundreds
LONGEST_ID, LONGEST_CODE, LONGEST_SOURCE, LONGEST_TEXT = 160, 80, 20, 2_000


async def kept(shipment: int) -> list[Checkpoint]:
    found = await db.rows("SELECT external_id, at, status, reason, place FROM scans WHERE shipment = {}", shipment)
    return [Checkpoint(**row) for row in found]


async def add(shipment: int, records: Sequence[dict[str, Any]]) -> None:
    await db.insert("scans", [{"shipment": shipment, **record} for record in records])


async def forget(shipment: int) -> None:
    """All that carriers said of a parcel which turned out to have another number. Its status is the caller's to write."""
    await db.execute("DELETE FROM scans WHERE shipment = {}", shipment)
    await db.execute(
        "UPDATE shipments SET scanned_at = NULL, reason = '', pickup = 'null', signed_by = '', service = '', proof_photo = '', "
        "proof_signature = '', heard = {} WHERE id = {}",
        "{}", shipment,
    )  # fmt: skip


def record(source: str, scan: ScanSnapshot, zone: str) -> dict[str, Any]:
    """A row but for its shipment. `zone` is where times without one are read when the place does not say.

    Nothing can have happened after we heard of it: a later time is held at now, else that scan would stay the newest for good.
    """
    country = scan.country.upper() if len(scan.country) == 2 and scan.country.isascii() and scan.country.isalpha() else ""
    latitude, longitude = _position(scan.latitude, scan.longitude)
    now = clock.now()
    return {
        "external_id": identity(source, scan),
        "source": clean(source, LONGEST_SOURCE),
        "at": min(instant(scan.at, country, zone), now),
        "zoned": scan.at.tzinfo is not None,
        "status": scan.status,
        "reason": scan.reason,
        "words": clean(scan.words),
        "code": clean(scan.code, LONGEST_CODE),
        "place": clean(scan.place),
        "country": country,
        "latitude": latitude,
        "longitude": longitude,
        "recorded_at": now,
    }


def identity(source: str, scan: ScanSnapshot) -> str:
    """The carrier's own id, or a digest of what it says. Of that, our own words only where it has none: they may be put
    right later, and the scan is still the same."""
    if scan.id:
        name = f"{source}:{scan.id}"
        return name if len(name) <= LONGEST_ID and "\0" not in name else _digest(name)
    at = scan.at.astimezone(UTC) if scan.at.tzinfo else scan.at
    ours = () if scan.words or scan.code else (scan.status, scan.reason)
    return _digest(at.isoformat(), scan.words, scan.code, scan.place, scan.country, *ours)


def clean(text: str, longest: int = LONGEST_TEXT) -> str:
    """No table takes a NUL."""
    return text.replace("\0", "").strip()[:longest]


def _digest(*parts: str) -> str:
    return hashlib.blake2b(msgspec.json.encode(parts), digest_size=20).hexdigest()


def _position(latitude: float | None, longitude: float | None) -> tuple[float | None, float | None]:
    """Both, or none; (0, 0) is what some write for “not known”."""
    if latitude is None or longitude is None or not (math.isfinite(latitude) and math.isfinite(longitude)):
        return None, None
    sound = abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude, longitude) != (0, 0)
    return (latitude, longitude) if sound else (None, None)
