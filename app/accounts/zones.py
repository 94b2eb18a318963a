"""Time zones as people look for theirs: by continent, then by country, with the city that names the zone."""

from functools import cache, lru_cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global

from app.i18n import Voice
from app.search import folded

# What zones begin with → CLDR's codes of the continents; the two oceans have none.
CONTINENTS = {
    "Europe": "150", "Africa": "002", "America": "019", "Asia": "142", "Australia": "009", "Pacific": "009", "Arctic": "150",
    "Antarctica": "AQ",
}  # fmt: skip

Choices = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@cache
def known() -> set[str]:
    """What may be kept; whatever else a browser says is not heard."""
    return available_timezones()


@lru_cache(16)
def grouped(locale: str) -> Choices:
    """(“Europe”, ((“Europe/Paris”, “France – Paris”), …)), …: every zone once, under its present name."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for zone in _countries():
        groups.setdefault(_continent(zone, locale), []).append((zone, named(zone, locale)))
    ordered = sorted(groups.items(), key=lambda group: folded(group[0]))
    return tuple((name, tuple(sorted(group, key=lambda it: folded(it[1])))) for name, group in ordered)


@lru_cache(2048)
def named(zone: str, locale: str) -> str:
    """“Canada – Toronto”; a zone that is no place is said as it is written."""
    zone = present(zone)
    country = _countries().get(zone)
    if country is None:
        return zone
    words = Locale.parse(locale)
    name = words.territories.get(country, country)
    city = words.time_zones.get(zone, {}).get("city") or zone.rpartition("/")[2].replace("_", " ")
    return f"{name} – {city}" if city != name else city


def present(zone: str) -> str:
    """Browsers may say a name that was given up: “Asia/Calcutta”."""
    name: str = get_global("zone_aliases").get(zone, zone)
    return name if name in known() else zone


def country(zone: str) -> str:
    """“FR” for “Europe/Paris”; an empty text for what is no place."""
    return _countries().get(present(zone), "")


@lru_cache(1)
def _countries() -> dict[str, str]:
    """ZZ and 001 are no countries."""
    return {
        zone: country
        for zone, country in get_global("zone_territories").items()
        if zone in known() and country.isalpha() and country != "ZZ"
    }


def _continent(zone: str, locale: str) -> str:
    _ = Voice(locale).gettext
    begins = zone.partition("/")[0]
    oceans = {"Atlantic": _("Atlantic Ocean"), "Indian": _("Indian Ocean")}
    return oceans.get(begins) or str(Locale.parse(locale).territories.get(CONTINENTS.get(begins, ""), begins))
