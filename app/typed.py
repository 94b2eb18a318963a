"""Numbers as people type them: “12,50”, “12.50”, “1 234,50”, “15 %”. Only what can be meant in one way is taken."""

import re
from decimal import Decimal

from babel import Locale

from app.money import NotMoney, exponent, to_decimal, to_minor

PLAIN = re.compile(r"[0-9]{1,15}([.,][0-9]{1,6})?|[.,][0-9]{1,6}")
HUNDREDTHS = 100  # of a percent


class NotANumber(ValueError):
    """The text is no number, or may be two."""


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
