"""Where a network is, roughly: “Lyon, France”, from the operator's own file (MaxMind DB format). The one importer of maxminddb.

Only what is kept of an address is looked up (`throttle.network`), here, by nobody else. What is not known is not guessed.
"""

from functools import cache, lru_cache

import maxminddb
import msgspec
from babel import Locale
from msgspec import Struct

from app.i18n import Voice
from app.settings import settings


class Named(Struct, frozen=True):
    """Language → name ("fr", "pt-BR"); ISO 3166 for a country."""

    names: dict[str, str] = {}
    iso_code: str = ""


class Found(Struct, frozen=True):
    """What is read of a GeoLite2-City or -Country record."""

    city: Named = Named()
    country: Named = Named()


def of(network: str, voice: Voice) -> str:
    """Empty without a file, for what is in none, and where the country is not known."""
    return _place(network, voice, settings.places) if settings.places and network else ""


@lru_cache(4096)
def _place(network: str, voice: Voice, path: str) -> str:
    found = _found(network, path)
    country = _name(found.country, voice.locale) or _territory(found.country.iso_code, voice.locale)
    city = _name(found.city, voice.locale) or found.city.names.get("en", "")
    if city and country:
        return voice.gettext("%(city)s, %(country)s") % {"city": city, "country": country}
    return country


def _found(network: str, path: str) -> Found:
    """Nothing for what is no network, in no record, or in a record of another shape."""
    try:
        return msgspec.convert(_reader(path).get(network.partition("/")[0]) or {}, Found)
    except (ValueError, OSError, maxminddb.InvalidDatabaseError):
        return Found()


@cache
def _reader(path: str) -> maxminddb.Reader:
    """Mapped into memory, not read into it: a file of cities has some 60 MB."""
    return maxminddb.open_database(path)


def _name(named: Named, locale: str) -> str:
    """In the very language or the one it belongs to, as the file has it."""
    return named.names.get(locale.replace("_", "-")) or named.names.get(locale.partition("_")[0], "")


def _territory(code: str, locale: str) -> str:
    return str(Locale.parse(locale).territories.get(code, ""))
