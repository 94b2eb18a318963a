"""The only place that asks what time it is. Instants are aware and in UTC; days belong to a person's zone."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

_then: ContextVar[datetime | None] = ContextVar("then", default=None)


def now() -> datetime:
    return _then.get() or datetime.now(UTC)


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """What is done inside is done at that time: for who makes a past by the verbs of the present, as the demo shop."""
    token = _then.set(moment)
    try:
        yield
    finally:
        _then.reset(token)


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
