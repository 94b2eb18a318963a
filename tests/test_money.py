"""Amounts go in and out of minor units without a cent lost."""

import contextlib
from decimal import Decimal

import pytest
from babel import Locale
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from app.money import EXPONENTS, LARGEST, NotMoney, currencies, exponent, format_money, to_decimal, to_minor

amounts = st.integers(-LARGEST, LARGEST)
codes = st.sampled_from(["EUR", "USD", "JPY", "KWD", "CHF", "TND", "KRW"])


@given(amounts, codes)
def test_minor_units_and_decimals_are_the_same_amount(amount: int, currency: str) -> None:
    assert to_minor(to_decimal(amount, currency), currency) == amount


@given(st.decimals(allow_nan=True, allow_infinity=True), codes)
def test_what_is_taken_is_exact_and_the_rest_is_refused(value: Decimal, currency: str) -> None:
    try:
        taken = to_minor(value, currency)
    except NotMoney:
        scaled = value.scaleb(exponent(currency)) if value.is_finite() else value
        assert not scaled.is_finite() or scaled != scaled.to_integral_value() or abs(scaled) > LARGEST
    else:
        assert to_decimal(taken, currency) == value


@given(st.text(max_size=12))
def test_no_text_breaks_the_reading_of_an_amount(text: str) -> None:
    with contextlib.suppress(NotMoney):
        assert isinstance(to_minor(text, "EUR"), int)


@given(st.integers(-(10**15), 10**15), codes, st.sampled_from(["en", "fr", "de"]))
def test_the_quick_way_writes_what_babel_writes(amount: int, currency: str, locale: str) -> None:
    digits = exponent(currency)
    pattern = Locale.parse(locale).currency_formats["standard"].pattern.split(";")[0]
    exact = pattern.replace("0.00", "0" + ("." + "0" * digits if digits else ""))
    value = to_decimal(amount, currency)
    assert format_money(amount, currency, locale) == format_currency(
        value, currency, format=exact, locale=locale, currency_digits=False
    )


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "written"),
    [
        (128440, "EUR", "en", "€1,284.40"), (128440, "EUR", "fr", "1\u202f284,40\xa0€"), (1500, "JPY", "en", "¥1,500"),
        (-5, "EUR", "fr", "-0,05\xa0€"), (1500, "KWD", "en", "KWD1.500"), (0, "CHF", "en", "CHF0.00"),
        (123456789, "INR", "hi", "₹12,34,567.89"),
    ],
)  # fmt: skip
def test_amounts_are_written_as_the_locale_does(amount: int, currency: str, locale: str, written: str) -> None:
    assert format_money(amount, currency, locale) == written


def test_every_currency_with_its_own_digits_is_a_currency() -> None:
    assert EXPONENTS.keys() <= currencies()
