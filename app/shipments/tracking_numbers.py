"""A tracking number alone names its carrier: by its form and, where it has one, its check digit.

The forms are Jeff Keen's collection (MIT, `formats/`). Many numbers fit several forms: only what can be told for sure is.
"""

import re
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct

from app.shipments import check_digits
from app.shipments.check_digits import Check

FORMATS = Path(__file__).parent / "formats" / "tracking_numbers.json"
LONGEST = 60
# Posts by the names that people and `carriers.py` call them, where the collection has another.
POSTS = {
    "CA": "Canada Post", "CH": "Swiss Post", "DE": "DHL", "FR": "La Poste", "GB": "Royal Mail", "US": "USPS",
}  # fmt: skip


class Prepend(Struct, frozen=True):
    """`text` goes before the serial number when it matches `unless_sent`."""

    unless_sent: str
    text: str


class Format(Struct, frozen=True):
    """`countries`: of a form that all posts share, whose it is (ISO 3166-1 alpha-2 → name)."""

    carrier: str
    name: str
    pattern: str
    check: Check | None = None
    prepend: Prepend | None = None
    countries: dict[str, str] = {}


class _File(Struct):
    source: str
    formats: list[Format]


def carrier(number: str) -> str:
    """Its name; empty when it is not known or may be several. A check digit that is right goes before a form without one; of
    digits alone without a check digit nothing is said."""
    fitting = matching(number)
    sure = {name for form, name in fitting if form.check}
    likely = {name for form, name in fitting if not form.check} if not number.strip().isdigit() else set()
    names = sure or likely
    return names.pop() if len(names) == 1 else ""


def matching(number: str) -> list[tuple[Format, str]]:
    """All forms that it fits, each with its carrier's name."""
    number = "".join(number.split()).upper()
    if not number.isascii() or len(number) > LONGEST:
        return []
    return [(form, name) for form, pattern in _formats() if (name := _named(form, pattern.fullmatch(number)))]


def _named(form: Format, found: re.Match[str] | None) -> str:
    if found is None or (form.check and not check_digits.right(form.check, _serial(form, found), found["CheckDigit"])):
        return ""
    if not form.countries:
        return form.carrier
    country = found["CountryCode"]
    return POSTS.get(country) or form.countries.get(country, "")


def _serial(form: Format, found: re.Match[str]) -> str:
    serial = found["SerialNumber"]
    return f"{form.prepend.text}{serial}" if form.prepend and re.match(form.prepend.unless_sent, serial) else serial


@lru_cache(1)
def _formats() -> list[tuple[Format, re.Pattern[str]]]:
    formats = msgspec.json.decode(FORMATS.read_bytes(), type=_File).formats
    return [(form, re.compile(form.pattern)) for form in formats]
