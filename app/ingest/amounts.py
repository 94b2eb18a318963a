"""Amounts, quantities and times as exports write them. Blank or “Not Available” is None, nonsense an Unreadable."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from app.ingest.rows import Row, RowError
from app.money import NotMoney, to_minor

P = ParamSpec("P")
T = TypeVar("T")

UNKNOWN = frozenset({"not available", "not applicable", "n/a"})  # Amazon's words for an empty cell
MOST = 10**9  # of a quantity; more does not fit the columns and is no quantity
LONGEST = 24  # characters of a number: Decimal rounds beyond 28 digits
SIGNS = {"": 1, "+": 1, "-": -1, "−": -1}
WRITTEN = re.compile(
    r"(?P<sign>[+−-]?)\s*(?P<before>[A-Z]{0,3}[$€£¥₹₩₺₽₪₫฿₱₦₴]|[A-Z]{3})?\s*(?P<inner>[+−-]?)"
    r"(?P<number>\d[\d.,'\u00a0\u202f ]*|[.,]\d+)(?P<after>[A-Z]{0,3}[$€£¥₹₩₺₽₪₫฿₱₦₴]|[A-Z]{3})?",
    re.ASCII,
)
GROUPED = {
    point: re.compile(rf"(\d+|\d{{1,3}}(?:{group}\d{{2,3}})*{group}\d{{3}})?(?:{re.escape(point)}(\d+))?", re.ASCII)
    for point, group in ((".", "[,'\u00a0\u202f ]"), (",", "[.'\u00a0\u202f ]"))
}
ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d?):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII,
)
MONTH_FIRST = re.compile(
    r"(\d\d?)/(\d\d?)/(\d{4}|\d\d)(?: (\d\d?):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s?(Z|UTC|GMT)?", re.ASCII
)


class Unreadable(ValueError):
    """A text is no amount, quantity or time, or a record's field cannot be taken: the message quotes or names it."""


def known(text: str) -> str:
    """The text without the blanks around it; empty where the export says that it does not know."""
    text = text.strip()
    return "" if text.lower() in UNKNOWN else text


def _bare(text: str) -> str:
    """A number or time without the apostrophes that keep a spreadsheet program from changing it."""
    return known(known(text).strip("'"))


def first_of(text: str) -> str:
    """Of two values Amazon joined by “ and ”, the first."""
    return text.split(" and ", 1)[0].strip()


@lru_cache(8192)
def money(text: str, currency: str, point: str = ".") -> int | None:
    """Minor units of “$86.66”, “'1,495'”, “'-4'”, “EUR 12.50”; with the `point` “,” also of “1.234,56”.

    Groups must be groups: “1,49” is not taken for 149. Another currency's code beside the number is an error.
    """
    written = _bare(text)
    if not written:
        return None
    found = WRITTEN.fullmatch(written)
    if found is None or (found["sign"] and found["inner"]):
        raise Unreadable(f"“{text}” is not an amount")
    for code in (found["before"], found["after"]):
        if code and code.isalpha() and code != currency:
            raise Unreadable(f"“{text}” is not in {currency}")
    try:
        amount = to_minor(_decimal(found["number"].strip(), point), currency)
    except NotMoney as error:
        raise Unreadable(f"“{text}” is not an amount in {currency}") from error
    return amount * SIGNS[found["sign"]] * SIGNS[found["inner"]]


@lru_cache(1024)
def quantity(text: str, point: str = ".") -> int | None:
    """A whole number: “2”, “2.0”, “'1,200'”, “-8”."""
    written = _bare(text)
    if not written:
        return None
    sign = written[0] if written[0] in SIGNS else ""
    number = _decimal(written.removeprefix(sign), point)
    if number != number.to_integral_value() or number > MOST:
        raise Unreadable(f"“{text}” is not a quantity")
    return int(number) * SIGNS[sign]


def _decimal(number: str, point: str) -> Decimal:
    found = GROUPED[point].fullmatch(number)
    if found is None or not any(found.groups()) or len(number) > LONGEST:
        raise Unreadable(f"“{number}” is not a number")
    return Decimal(f"{re.sub(r'[^0-9]', '', found[1] or '0')}.{found[2] or '0'}")


@lru_cache(8192)
def moment(text: str, zone: str, form: str = "iso") -> datetime | None:
    """A time in UTC; `zone` where none is written. `form`: “iso”, “us” (month/day/year or ISO), or strptime's pattern.

    A date without a time becomes noon there: so it stays the same date in nearly every reader's zone.
    """
    written = _bare(text)
    if not written:
        return None
    try:
        when = _matched(written, form) if form in ("iso", "us") else _patterned(written, form)
        return (when if when.tzinfo else when.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Unreadable(f"“{text}” is not a date") from error


def _matched(text: str, form: str) -> datetime:
    if found := ISO.fullmatch(text):
        year, month, day, *clock, mark = found.groups()
    elif form == "us" and (found := MONTH_FIRST.fullmatch(text)):
        month, day, year, *clock, mark = found.groups()
        if len(year) == 2:  # as POSIX reads them: 69 to 99 are of the last century
            year = ("19" if year >= "69" else "20") + year
    else:
        raise ValueError
    hour, minute, second, fraction = clock
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    when = datetime(int(year), int(month), int(day), int(hour or 12), int(minute or 0), int(second or 0), micro)  # noqa: DTZ001
    return datetime.fromisoformat(when.isoformat() + _offset(mark)) if mark else when


def _offset(mark: str) -> str:
    if mark[0] not in "+-":
        return "+00:00"
    digits = mark[1:].replace(":", "").ljust(4, "0")
    return f"{mark[0]}{digits[:2]}:{digits[2:]}"


def _patterned(text: str, pattern: str) -> datetime:
    when = datetime.strptime(text, pattern)  # noqa: DTZ007 (the caller adds the zone)
    return when if any(sign in pattern for sign in ("%H", "%I", "%X", "%c", "%T")) else when.replace(hour=12)


def parsed(row: Row, column: str, parse: Callable[P, T], *text: P.args, **options: P.kwargs) -> T:
    """`parse(text, …)`, its failure told of the row and the column."""
    try:
        return parse(*text, **options)
    except Unreadable as error:
        raise RowError(row, f"{column}: {error}") from error
