"""Times that carriers write without a zone: the clock of the place they speak of."""

from datetime import UTC, datetime
from functools import lru_cache

from babel.core import get_global

from app import clock
from app.accounts.zones import known


def instant(at: datetime, country: str, otherwise: str) -> datetime:
    """In UTC. Without a zone it is read by the clock of that country (ISO 3166-1 alpha-2) where all its clocks agree at that
    moment, else by the zone `otherwise`."""
    if at.tzinfo is not None:
        return at.astimezone(UTC)
    read = {at.replace(tzinfo=clock.zone(zone)).astimezone(UTC) for zone in _zones(country)}
    return read.pop() if len(read) == 1 else at.replace(tzinfo=clock.zone(otherwise)).astimezone(UTC)


@lru_cache(256)
def _zones(country: str) -> tuple[str, ...]:
    return tuple(zone for zone in get_global("territory_zones").get(country, ()) if zone in known())
