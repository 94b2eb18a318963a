"""When a scan was that came without a zone: by the clock of its place, where a country has one; else by the merchant's."""

from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global

Clocks = tuple[timedelta | None, ...]


def moment(at: datetime, country: str, merchant_zone: str) -> datetime:
    """In UTC. An hour that a clock change leaves out or repeats is read as Python reads it (PEP 495, the first of two)."""
    if at.tzinfo is None:
        at = at.replace(tzinfo=_zone(_only_zones().get(country.upper()) or merchant_zone))
    return at.astimezone(UTC)


@lru_cache(512)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError):
        return ZoneInfo("UTC")


@cache
def _only_zones() -> dict[str, str]:
    """Country → its zone, for those in which all clocks show the same (CLDR's zones of countries)."""
    found: dict[str, dict[Clocks, str]] = {}
    for zone, country in get_global("zone_territories").items():
        if zone in available_timezones():
            found.setdefault(country, {}).setdefault(_clocks(zone), zone)
    return {country: next(iter(zones.values())) for country, zones in found.items() if len(zones) == 1}


def _clocks(zone: str) -> Clocks:
    """In winter and in summer of this year."""
    return tuple(datetime(2026, month, 15, tzinfo=ZoneInfo(zone)).utcoffset() for month in (1, 7))
