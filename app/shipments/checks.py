"""What a program's message of a parcel must be to be taken in, at JSON pointers. What other sources send is trimmed to fit."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from app import clock
from app.shipments.actions import YEARS
from app.shipments.scans import LONGEST_CODE, LONGEST_TEXT
from app.shipments.snapshot import ScanSnapshot, TrackingSnapshot

MOST_SCANS = 1_000
AHEAD = timedelta(days=1)  # for wrong clocks, and for zones that are not said
LONGEST_NUMBER = 120
COUNTRY = re.compile(r"([A-Z]{2})?")
Found = Iterator[tuple[str, str]]


def problems(news: TrackingSnapshot) -> dict[str, str]:
    """Empty when it can be taken."""
    return dict(_facts(news)) | of_scans(news.scans, "/scans")


def of_scans(scans: Sequence[ScanSnapshot], pointer: str) -> dict[str, str]:
    found: dict[str, str] = {}
    if len(scans) > MOST_SCANS:
        found[pointer] = f"more than {MOST_SCANS} scans"
    for n, scan in enumerate(scans[:MOST_SCANS]):
        found |= _of_scan(scan, f"{pointer}/{n}")
    return found


def of_number(number: str) -> str:
    """What is wrong with a tracking number; nothing when nothing is."""
    if not number.strip() or len(number) > LONGEST_NUMBER or not number.isprintable():
        return f"expected 1 to {LONGEST_NUMBER} characters"
    return ""


def _of_scan(scan: ScanSnapshot, pointer: str) -> dict[str, str]:
    found = dict(_past(f"{pointer}/at", scan.at)) | dict(_position(pointer, scan.latitude, scan.longitude))
    if not COUNTRY.fullmatch(scan.country):
        found[f"{pointer}/country"] = "expected an ISO 3166-1 country, such as FR"
    limits = {"id": LONGEST_TEXT, "words": LONGEST_TEXT, "place": LONGEST_TEXT, "code": LONGEST_CODE}
    for name, most in limits.items():
        found |= dict(_text(f"{pointer}/{name}", getattr(scan, name), most))
    return found


def _facts(news: TrackingSnapshot) -> Found:
    for name in ("carrier", "service", "tracking_url", "signed_by"):
        yield from _text(f"/{name}", getattr(news, name), LONGEST_TEXT)
    for name in ("estimated_from", "estimated_to"):
        yield from _time(f"/{name}", getattr(news, name))
    yield from _past("/said_at", news.said_at)
    if news.pickup:
        yield from _time("/pickup/until", news.pickup.until)
        yield from _position("/pickup", news.pickup.latitude, news.pickup.longitude)
        if b"\\u0000" in msgspec.json.encode(news.pickup):
            yield "/pickup", "a NUL character"


def _time(pointer: str, at: datetime | None) -> Found:
    if at is not None and at.year not in YEARS:
        yield pointer, f"expected a year from {YEARS.start} to {YEARS.stop - 1}"


def _past(pointer: str, at: datetime | None) -> Found:
    """Of what is said to have happened."""
    wrong = list(_time(pointer, at))
    yield from wrong
    if at is not None and not wrong and (at if at.tzinfo else at.replace(tzinfo=UTC)) > clock.now() + AHEAD:
        yield pointer, "in the future"


def _text(pointer: str, text: str, most: int) -> Found:
    if len(text) > most:
        yield pointer, f"longer than {most} characters"
    elif "\0" in text:
        yield pointer, "a NUL character"


def _position(pointer: str, latitude: float | None, longitude: float | None) -> Found:
    if (latitude is None) != (longitude is None):
        yield f"{pointer}/{'latitude' if latitude is None else 'longitude'}", "a position has both"
    for name, value, most in (("latitude", latitude, 90), ("longitude", longitude, 180)):
        if value is not None and not abs(value) <= most:
            yield f"{pointer}/{name}", f"expected −{most} to {most} degrees"
