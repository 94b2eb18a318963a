"""The words, dates and amounts of whoever is being answered. English is the source language.

A request (or a mail) speaks with one `Voice`, kept in a context variable; `_` and `ngettext` look there.
"""

import gettext as gettext_module
import io
import re
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from msgspec import Struct

from app import clock
from app.money import format_money
from app.setting_values import catalogue
from app.settings import settings

LOCALE_COOKIE = "locale"


class Voice(Struct, frozen=True):
    """A locale ("fr") and an IANA zone; UTC when the zone is empty."""

    locale: str
    zone: str = ""

    def gettext(self, message: str) -> str:
        return translations(self.locale).gettext(message)

    def pgettext(self, context: str, message: str) -> str:
        """Of a word that other languages say in more than one way: `context` tells which is meant."""
        return translations(self.locale).pgettext(context, message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        return translations(self.locale).ngettext(one, many, count)

    def money(self, amount: int, currency: str) -> str:
        return format_money(amount, currency, self.locale)

    def tenths(self, value: float) -> str:
        """“4.5”."""
        return format_decimal(value, "0.0", locale=self.locale)

    def day(self, at: datetime | date) -> str:
        """“19 Nov 2026”."""
        return _day(self._date(at), "medium", self.locale)

    def long_day(self, at: datetime | date) -> str:
        """“19 November 2026”."""
        return _day(self._date(at), "long", self.locale)

    def month(self, at: datetime | date) -> str:
        """“November 2026”, with a capital as a heading has it."""
        text = _skeleton(self._date(at).replace(day=1), "yMMMM", self.locale)
        return text[:1].upper() + text[1:]

    def short_month(self, on: date) -> str:
        """“Nov”."""
        return _day(on.replace(day=1), "LLL", self.locale)

    def weekday(self, at: datetime | date, *, last: bool = False) -> str:
        """“Tuesday 24 Nov”; with the year when it is another one. `last`: a full stop comes behind it, and the abbreviation (“3
        déc.”) brings none of its own."""
        on = self._date(at)
        said = _day(on, "EEEE d MMM" if on.year == self.today().year else "EEEE d MMM y", self.locale)
        return said.removesuffix(".") if last else said

    def near_day(self, at: datetime | date) -> str:
        """“24 Nov”; with the year when it is another one."""
        on = self._date(at)
        return _skeleton(on, "MMMd" if on.year == self.today().year else "yMMMd", self.locale)

    def time(self, at: datetime) -> str:
        local = self.local(at)
        return _time(local.hour, local.minute, self.locale)

    def moment(self, at: datetime) -> str:
        """“19 November 2026, 14:03”."""
        return self.gettext("%(day)s, %(time)s") % {"day": self.long_day(at), "time": self.time(at)}

    def lasting(self, seconds: float) -> str:
        """“3 hours”: in the one unit that fits."""
        return format_timedelta(timedelta(seconds=seconds), locale=self.locale)

    def today(self) -> date:
        return clock.today(self.zone)

    def local(self, at: datetime) -> datetime:
        return at.astimezone(clock.zone(self.zone))

    def _date(self, at: datetime | date) -> date:
        return self.local(at).date() if isinstance(at, datetime) else at


current: ContextVar[Voice] = ContextVar("voice", default=Voice(settings.locales[0]))  # noqa: B039 - frozen


def voice() -> Voice:
    return current.get()


def _(message: str) -> str:
    return current.get().gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    return current.get().ngettext(one, many, count)


@lru_cache
def translations(locale: str) -> gettext_module.NullTranslations:
    """The catalogue of a locale, compiled in memory: nothing to build before a start."""
    path = catalogue(locale)
    if path is None:
        return gettext_module.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale))
    compiled.seek(0)
    return gettext_module.GNUTranslations(compiled)


def own_name(locale: str) -> str:
    """What a language calls itself: “Français”."""
    return (Locale.parse(locale).get_display_name() or locale).capitalize()


def supported(name: str) -> str:
    """The locale we speak that fits `name` best, or an empty text: itself, what is left of it when its last parts are cut off
    one by one (RFC 4647, 3.4: "fr-CH" → "fr"), else another country's ("pt" → "pt_BR")."""
    spoken = {locale.lower(): locale for locale in settings.locales}
    parts = name.replace("-", "_").lower().split("_")[:8]
    for length in range(len(parts), 0, -1):
        if found := spoken.get("_".join(parts[:length])):
            return found
    return next((locale for small, locale in spoken.items() if small.split("_")[0] == parts[0]), "")


def chosen(cookie: str, header: str) -> str:
    """The locale for somebody without an account: what was chosen in this browser, else what the browser asks for."""
    return (supported(cookie) if cookie else "") or from_accept_language(header)


@lru_cache(1024)
def from_accept_language(header: str) -> str:
    """The first language of an Accept-Language header (RFC 9110, 12.5.4) that we speak, by its weight."""
    weighted = []
    for position, item in enumerate(header.split(",")[:20]):
        name, _sep, parameters = item.strip().partition(";")
        try:
            weight = float(parameters.strip().removeprefix("q=") or "1")
        except ValueError:
            continue
        weighted.append((-weight, position, name.strip()))
    for negative, _position, name in sorted(weighted):
        if negative < 0 and (locale := supported(name)):
            return locale
    return settings.locales[0]


@lru_cache(8192)
def _time(hour: int, minute: int, locale: str) -> str:
    return format_time(time(hour, minute), "short", locale=british(locale))


@lru_cache(8192)
def _day(on: date, style: str, locale: str) -> str:
    return _with_ordinal(format_date(on, style, locale=british(locale)), on, locale)


@lru_cache(8192)
def _skeleton(on: date, skeleton: str, locale: str) -> str:
    return _with_ordinal(format_skeleton(skeleton, on, locale=british(locale), fuzzy=True), on, locale)


def _with_ordinal(text: str, on: date, locale: str) -> str:
    """In French the first day of a month, and only that, is “1er décembre”; the patterns of the CLDR do not know."""
    return re.sub(r"\b1(?= [^\W\d])", "1er", text) if on.day == 1 and locale.startswith("fr") else text


def british(locale: str) -> str:
    """Plain English dates are written day first, hours to 24 (“24 Nov, 14:03”), as in most of the world."""
    return "en_GB" if locale == "en" else locale
