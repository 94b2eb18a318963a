"""Telephone numbers: typed as people type them, kept as E.164, shown as the world writes them.

The one importer of phonenumbers (Google's plans of every country).
"""

from functools import lru_cache

import phonenumbers
from babel import Locale
from babel.core import get_global
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from app import i18n
from app.accounts import zones
from app.errors import Invalid
from app.i18n import _
from app.search import folded

LONGEST = 60
TEXTED = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
# Whatever a person may have at home or with them. Not: numbers that cost extra, whoever calls or writes to them pays for it.
PERSONAL = (*TEXTED, PhoneNumberType.FIXED_LINE, PhoneNumberType.VOIP)


def normal(typed: str, country: str) -> str:
    """E.164, “+33612345678”. `country` (“FR”) is where a number is from that does not say so. Raises Invalid(phone=…)."""
    number = _parsed(typed, country)
    if number is None:
        raise Invalid(phone=_wrong(country))
    if number.extension:
        raise Invalid(phone=_("Without an extension, please: nothing can be sent to it."))
    if not phonenumbers.is_valid_number(number):
        raise Invalid(phone=_wrong(phonenumbers.region_code_for_country_code(number.country_code or 0)))
    if phonenumbers.number_type(number) not in PERSONAL:
        raise Invalid(phone=_("That is a special number, free or expensive to call: one of your own, please."))
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def shown(phone: str) -> str:
    """“+33 6 12 34 56 78”; an empty text stays one."""
    number = _parsed(phone, "")
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL) if number else phone


def takes_texts(phone: str) -> bool:
    number = _parsed(phone, "")
    return number is not None and phonenumbers.number_type(number) in TEXTED


def example(country: str) -> str:
    """“06 12 34 56 78” for FR; an empty text for what is no country."""
    number = phonenumbers.example_number_for_type(country, PhoneNumberType.MOBILE) if country in COUNTRIES else None
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL) if number else ""


def country_of(phone: str) -> str:
    number = _parsed(phone, "")
    return (phonenumbers.region_code_for_number(number) or "") if number else ""


def guessed(phone: str, delivered_to: str, zone: str, locale: str) -> str:
    """Where a number typed now is probably from: where the kept one is, where parcels go, where the clock is, the language."""
    likely = get_global("likely_subtags").get(locale, locale).rpartition("_")[2]
    spoken = Locale.parse(i18n.british(locale)).territory or likely
    candidates = (country_of(phone), delivered_to.upper(), zones.country(zone), spoken)
    return next((country for country in candidates if country in COUNTRIES), "")


@lru_cache(16)
def countries(locale: str) -> tuple[tuple[str, str], ...]:
    """(“FR”, “France +33”), … by name."""
    named = [(country, f"{_named(country, locale)} +{_code(country)}") for country in COUNTRIES]
    return tuple(sorted(named, key=lambda it: folded(it[1])))


def _named(country: str, locale: str) -> str:
    return str(Locale.parse(locale).territories.get(country, country))


def _code(country: str) -> int:
    return phonenumbers.country_code_for_region(country)


def _parsed(typed: str, country: str) -> PhoneNumber | None:
    if not typed or len(typed) > LONGEST:
        return None
    try:
        return phonenumbers.parse(typed, country if country in COUNTRIES else None)
    except NumberParseException:
        return None


def _wrong(country: str) -> str:
    if like := example(country):
        name = _named(country, i18n.voice().locale)
        return _("That is not a telephone number of this country: %(country)s. One looks like this: %(example)s") % {
            "country": name, "example": like,
        }  # fmt: skip
    return _("That is not a telephone number. Begin with + and the country’s number: +33 6 12 34 56 78")


COUNTRIES = frozenset(phonenumbers.SUPPORTED_REGIONS)
