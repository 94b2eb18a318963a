"""Numbers as people type them: “12,50”, “12.50”, “1 234,50”, “15 %”. Only what can be meant in one way is taken.

Words: what of them cannot be kept. What names its field raises Invalid there.
"""

import re
from datetime import date, datetime, time
from decimal import Decimal

from babel import Locale

from app import clock
from app.db import MOST_ID
from app.errors import Invalid
from app.i18n import _, voice
from app.money import NotMoney, exponent, to_decimal, to_minor
from app.tokens import new_token

PLAIN = re.compile(r"[0-9]{1,15}([.,][0-9]{1,6})?|[.,][0-9]{1,6}")
HUNDREDTHS = 100  # of a percent
MOST_LETTERS = 2_000  # of what people write to each other about a return
UNSPEAKABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL takes no NUL, UTF-8 no half of a pair


class NotANumber(ValueError):
    """The text is no number, or may be two."""


def wrong_words(text: str, most: int = MOST_LETTERS) -> str:
    """Why these words cannot be kept, for who has typed them; empty where they can."""
    if UNSPEAKABLE.search(text):
        return _("There is a sign in it that cannot be kept.")
    return _("At most %(num)d letters.") % {"num": most} if len(text) > most else ""


def amount_at(field: str, text: str, currency: str) -> int:
    """As `amount`, in the reader's locale. Raises Invalid at the field."""
    locale = voice().locale
    try:
        return amount(text, currency, locale)
    except NotANumber as error:
        raise Invalid.at({field: example(currency, locale)}) from error


def example(currency: str, locale: str) -> str:
    """What is said of an amount that is none."""
    return _("An amount such as %(example)s.") % {"example": of_amount(1250, currency, locale)}


def count_at(field: str, text: str) -> int:
    """Nothing typed is none. Raises Invalid at the field."""
    if not text.strip():
        return 0
    try:
        return whole(text)
    except NotANumber as error:
        raise Invalid.at({field: _("A whole number.")}) from error


def day_at(field: str, text: str) -> datetime | None:
    """The last moment of a day (“2026-11-27”) in the reader's zone, of today the present one; None for nothing typed. Raises
    Invalid at the field."""
    if not text.strip():
        return None
    try:
        end = datetime.combine(date.fromisoformat(text.strip()), time(23, 59, 59), clock.zone(voice().zone))
    except ValueError as error:
        raise Invalid.at({field: _("A day, such as 2026-11-27.")}) from error
    return min(end, clock.now()) if end.date() <= voice().today() else end


def amount(text: str, currency: str, locale: str) -> int:
    """Minor units, never below zero. Raises NotANumber, also for more decimals than the currency has."""
    try:
        return to_minor(_decimal(text, locale), currency)
    except NotMoney as error:
        raise NotANumber(str(error)) from error


def percent(text: str, locale: str) -> int:
    """Hundredths of a percent, from 0 to 10,000. Raises NotANumber."""
    value = _decimal(text.strip().removesuffix("%"), locale) * HUNDREDTHS
    if value != value.to_integral_value() or value > 100 * HUNDREDTHS:
        raise NotANumber(text)
    return int(value)


def key(text: str) -> str:
    """What a form was made with; whatever else is sent in its place can do no harm."""
    return "".join(filter(str.isprintable, text))[:60]


def key_after(refusal: Exception | None, text: str) -> str:
    """The form's own until it was refused for more than what is typed in it: sent once more, it is another."""
    return text if refusal is None or isinstance(refusal, Invalid) else new_token()


def whole(text: str) -> int:
    """Raises NotANumber."""
    if not re.fullmatch(r"\s*[0-9]{1,9}\s*", text):
        raise NotANumber(text)
    return int(text)


def of_amount(value: int, currency: str, locale: str) -> str:
    """As it is typed: “12,50”, without the currency and without groups."""
    digits = exponent(currency)
    return _written(f"{to_decimal(value, currency):.{digits}f}", locale)


def of_percent(basis_points: int, locale: str) -> str:
    """“15”, “15,5”."""
    text = f"{Decimal(basis_points) / HUNDREDTHS:.2f}"
    return _written(text.rstrip("0").rstrip("."), locale)


def _written(plain: str, locale: str) -> str:
    return plain.replace(".", _marks(locale)[1])


def _decimal(text: str, locale: str) -> Decimal:
    """Groups of three only by the locale's own mark; a comma or a point before other than three digits is the decimal one."""
    group, point = _marks(locale)
    given = "".join(text.split())
    if re.fullmatch(rf"[0-9]{{1,3}}({re.escape(group)}[0-9]{{3}})+({re.escape(point)}[0-9]+)?", given):
        given = given.replace(group, "").replace(point, ".")
    if not PLAIN.fullmatch(given):
        raise NotANumber(text)
    return Decimal(given.replace(",", "."))


def _marks(locale: str) -> tuple[str, str]:
    """Between groups, and before the decimals. Groups by spaces have none left."""
    symbols = Locale.parse(locale).number_symbols["latn"]
    group = "".join(str(symbols["group"]).split())
    return group or "\u2007", str(symbols["decimal"])


def number(text: str) -> int | None:
    """What an address or a hidden field names by its number; None for what is none, or greater than a row's can be."""
    known = text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) <= MOST_ID
    return int(text) if known else None
