"""Amounts are integers in a currency's minor unit, always beside an ISO 4217 code."""

import re
from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation, Overflow
from functools import lru_cache

from babel import Locale
from babel.numbers import format_currency, list_currencies

# ISO 4217, the column "minor unit": everything not named here has two digits.
EXPONENTS = dict.fromkeys(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ],
    0,
) | dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3)
LARGEST = 2**62  # sums of a few amounts still fit the 64-bit columns
PLAIN = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(E[+-]?[0-9]+)?", re.I)
EXACT = Context(prec=60, traps=[InvalidOperation, Overflow, Inexact])  # more digits than that are an error, not rounded


class NotMoney(ValueError):
    """The text is no amount in that currency."""


@lru_cache
def currencies() -> frozenset[str]:
    return frozenset(list_currencies())


def exponent(currency: str) -> int:
    return EXPONENTS.get(currency, 2)


def to_minor(amount: Decimal | str | int | float, currency: str) -> int:
    """A plain decimal ("12.50") in minor units; digits below the minor unit are an error, never rounded away."""
    text = str(amount)
    if not PLAIN.fullmatch(text):
        raise NotMoney(f"“{amount}” is not an amount")
    try:
        value = Decimal(text).scaleb(exponent(currency), EXACT)
    except DecimalException as error:
        raise NotMoney(f"“{amount}” is not an amount in {currency}") from error
    if value != value.to_integral_value():
        raise NotMoney(f"“{amount}” is not an amount in {currency}")
    if abs(value) > LARGEST:
        raise NotMoney(f"“{amount}” is too large")
    return int(value)


def to_decimal(amount: int, currency: str) -> Decimal:
    return Decimal(amount).scaleb(-exponent(currency))


def to_text(amount: int, currency: str) -> str:
    """A plain decimal, as machines read it: “-1284.40”."""
    whole, fraction = _digits(amount, exponent(currency))
    return f"{'-' if amount < 0 else ''}{whole}.{fraction}" if fraction else f"{'-' if amount < 0 else ''}{whole}"


def _digits(amount: int, digits: int) -> tuple[str, str]:
    """Without the sign, before and behind the decimal point: the text itself tells, sooner than a division."""
    text = str(abs(amount)).zfill(digits + 1)
    return (text[:-digits], text[-digits:]) if digits else (text, "")


def format_money(amount: int, currency: str, locale: str) -> str:
    """As the locale writes it: “€1,284.40”, “1 284,40 €”, “¥1,500”."""
    shape = _shape(currency, locale)
    if shape is None:
        digits = exponent(currency)
        return format_currency(
            to_decimal(amount, currency),
            currency,
            locale=locale,
            currency_digits=False,
            format=_pattern(locale, digits),
        )
    digits, group, point, prefix, suffix, minus = shape
    whole, fraction = _digits(amount, digits)
    if len(whole) > 3:
        whole = f"{int(whole):,}".replace(",", group)
    return f"{minus if amount < 0 else ''}{prefix}{whole}{point if digits else ''}{fraction}{suffix}"


@lru_cache(512)
def _shape(currency: str, locale: str) -> tuple[int, str, str, str, str, str] | None:
    """How a locale writes a currency, taken apart once: Babel takes 50 µs an amount, a list page has twenty.

    None where the pattern is not plain groups of three (Indian lakhs): Babel then does each amount.
    """
    digits = exponent(currency)
    sample = 1234567890123
    written = format_currency(
        to_decimal(sample, currency), currency, locale=locale, currency_digits=False, format=_pattern(locale, digits)
    )
    symbols = Locale.parse(locale).number_symbols["latn"]
    group, point = symbols["group"], symbols["decimal"]
    whole = f"{sample // 10**digits:,}".replace(",", group)
    fraction = f"{point}{sample % 10**digits:0{digits}d}" if digits else ""
    prefix, found, suffix = written.partition(whole + fraction)
    if prefix[-1:].isalpha():  # a code before the digits stands apart from them (CLDR, currency spacing)
        prefix += "\u00a0"
    return (digits, group, point, prefix, suffix, "-") if found else None


def _pattern(locale: str, digits: int) -> str:
    """The locale's own pattern with the currency's own number of digits."""
    pattern = Locale.parse(locale).currency_formats["standard"].pattern.split(";")[0]
    return re.sub(r"0(\.0+)?", "0" + ("." + "0" * digits if digits else ""), pattern, count=1)
