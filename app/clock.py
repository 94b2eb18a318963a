"""The only place that asks what time it is. Instants are aware and in UTC; days belong to a person's zone."""

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo


def now() -> datetime:
    return datetime.now(UTC)


@lru_cache(256)
def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name, UTC when there is none such."""
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def today(zone_name: str) -> date:
    return now().astimezone(zone(zone_name)).date()


def start_of(day: date, zone_name: str) -> datetime:
    """The instant at which a day begins for a person, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone(zone_name)).astimezone(UTC)
