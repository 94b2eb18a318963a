"""Days as the law counts them (Regulation (EEC, Euratom) No 1182/71, to which recital 41 of Directive 2011/83/EU refers).

The one importer of `holidays`, whose calendars are those of each country. No period begins on the day of its event (Art. 3(1)).
"""

from calendar import monthrange
from datetime import date, datetime, timedelta
from functools import lru_cache

import holidays
from babel.core import get_global

from app import clock
from app.accounts.zones import known
from app.search import folded

SATURDAY = 5
A_DAY = timedelta(days=1)
EU = frozenset((
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT",
    "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    "AX", "GF", "GP", "MF", "MQ", "RE", "YT",  # parts of the EU with a code of their own (Art. 355(1) and (4) TFEU)
))  # fmt: skip
EEA = EU | {"IS", "LI", "NO"}
# What only a part of a country celebrates counts for all of it where an address does not say its part. The days of single towns
# (Italy's and Portugal's “subdivisions”) and of France's territories overseas count where the address names the place.
PARTS_OF = {"DE": (), "ES": (), "AT": (), "FR": ("57", "6AE")}  # no parts named: all of them


def country(code: str) -> str:
    """ISO 3166-1 alpha-2; the EU itself writes EL for Greece."""
    known = code.strip().upper()
    return "GR" if known == "EL" else known


@lru_cache(512)
def zone_of(code: str) -> str:
    """For who has not said theirs: the zone of their country in which a day ends last. UTC for one that nobody knows."""
    zones = [zone for zone in get_global("territory_zones").get(country(code), ()) if zone in known()]
    return min(zones, key=lambda zone: (clock.now().astimezone(clock.zone(zone)).utcoffset(), zone), default="UTC")


def day_of(at: datetime, zone: str) -> date:
    return at.astimezone(clock.zone(zone)).date()


def end_of(day: date, zone: str) -> datetime:
    """The instant at which a day is over (Art. 3(2)(b)), in UTC: the day's last second is before it."""
    return clock.start_of(day + A_DAY, zone)


def months_after(day: date, count: int) -> date:
    """The same date; where that month has none, its last day (Art. 3(2)(c))."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def working_day(day: date, code: str, region: str = "") -> date:
    """The day itself, or the next that is no Saturday, Sunday or public holiday where the consumer is (Art. 3(4))."""
    while day.weekday() >= SATURDAY or day in _free(country(code), folded(region).strip(), day.year):
        day += A_DAY
    return day


@lru_cache(512)
def _free(code: str, region: str, year: int) -> frozenset[date]:
    """Nothing for a country of which no calendar is known."""
    try:
        everywhere = frozenset(holidays.country_holidays(code, years=year))
    except NotImplementedError:
        return frozenset()
    there = (frozenset(holidays.country_holidays(code, subdiv=part, years=year)) for part in _parts(code, region))
    return everywhere.union(*there)


@lru_cache(512)
def _parts(code: str, region: str) -> tuple[str, ...]:
    """The calendar's names of the parts whose days count: that of the region (“Bayern”, “BY”, “DE-BY”), else see PARTS_OF."""
    made = holidays.country_holidays(code)
    wanted = region.removeprefix(f"{code.lower()}-")
    for part in made.subdivisions:
        if wanted and wanted in {folded(part), *map(folded, made.get_subdivision_aliases().get(part, ()))}:
            return (part,)
    if code not in PARTS_OF:
        return ()
    return PARTS_OF[code] or tuple(made.subdivisions)
