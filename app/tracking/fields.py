"""A message as it came, read with care: what it does not say, or says in another shape than expected, is nothing.

Only a message out of which no news can be made at all is refused. A wrong word in one field must not hide the rest: the
sender would send the same again for days.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from math import isfinite
from typing import Any

import msgspec
from babel.core import get_global
from msgspec import Struct

from app.typed import UNSPEAKABLE

LONGEST = 500  # characters of a text
YEARS = range(1900, 9998)  # a day to either side must exist, too; .NET writes “none” as the year 1
DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:T00:00(?::00(?:\.0+)?)?(?:Z|\+00:00)?)?", re.ASCII)
BY_THREE_LETTERS: Mapping[str, Any] = get_global("territory_aliases")  # ISO 3166-1 alpha-3 is among them


Window = tuple[datetime | None, datetime | None]


class Unusable(ValueError):
    """No news can be made of a message: why."""


def decoded(body: bytes) -> "Fields":
    """The object that the JSON is. Raises Unusable."""
    try:
        return Fields.of(msgspec.json.decode(body))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unusable(f"this is not JSON: {error}") from error
    except RecursionError as error:
        raise Unusable("nested too deeply") from error


class Fields(Struct, frozen=True):
    values: dict[str, Any]

    @classmethod
    def of(cls, value: object) -> "Fields":
        if not isinstance(value, dict):
            raise Unusable("an object was expected")
        return cls(value)

    def text(self, *names: str) -> str:
        """The first that says anything, trimmed; a number is written out."""
        return next((text for name in names if (text := _text(self.values.get(name)))), "")

    def part(self, name: str) -> "Fields":
        """The object there; an empty one when there is none."""
        value = self.values.get(name)
        return Fields(value if isinstance(value, dict) else {})

    def each(self, name: str) -> Iterator["Fields"]:
        """The objects of a list."""
        value = self.values.get(name)
        yield from (Fields(one) for one in (value if isinstance(value, list) else ()) if isinstance(one, dict))

    def time(self, *names: str) -> datetime | None:
        """The first that can be read; without a zone when none is said."""
        return next((at for name in names if (at := moment(self.text(name)))), None)

    def instant(self, name: str) -> datetime | None:
        """Of seconds since 1970."""
        try:
            return datetime.fromtimestamp(int(self.text(name)), UTC)
        except (ValueError, OverflowError, OSError):
            return None

    def degrees(self, name: str) -> float | None:
        value = self.values.get(name)
        try:
            number = float(value) if isinstance(value, str | int | float | Decimal) and not isinstance(value, bool) else None
        except (ValueError, OverflowError):
            return None
        return number if number is not None and isfinite(number) else None

    def link(self, name: str) -> str:
        """A web address, or nothing: other schemes are not kept."""
        text = self.text(name)
        return text if re.fullmatch(r"https?://\S+", text, re.I) else ""


def moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.year in YEARS else None


def window(text: str) -> Window:
    """When a parcel is to come. A day, also one that is written as its midnight in UTC, is that whole day where the parcel
    goes; a time is the latest."""
    if found := DAY.fullmatch(text):
        at = moment(found[1])
        return (at, datetime.combine(at, time(23, 59))) if at else (None, None)
    return None, moment(text)


def clock_of(day: str, hour: str) -> datetime | None:
    """A day and an hour that a carrier says by the clock of the place."""
    try:
        return moment(datetime.combine(date.fromisoformat(day), time.fromisoformat(hour)).isoformat())
    except ValueError:
        return None


def country(text: str) -> str:
    """ISO 3166-1 alpha-2, out of two or three letters; nothing for anything else."""
    code = text.upper()
    if len(code) == 3:
        code = next(iter(BY_THREE_LETTERS.get(code, ())), "")
    return code if re.fullmatch("[A-Z]{2}", code) and code != "ZZ" else ""


def place(*parts: str) -> str:
    """“Houston, TX, US”: what is said, once."""
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return ""
    return UNSPEAKABLE.sub("", str(value)).strip()[:LONGEST]
