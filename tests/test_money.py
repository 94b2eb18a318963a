"""Amounts go in and out of minor units without a cent lost."""

import contextlib
from decimal import Context, Decimal

import pytest
from babel import Locale
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from app.money import EXPONENTS, LARGEST, NotMoney, currencies, exponent, format_money, to_decimal, to_minor

pytestmark = pytest.mark.without_database

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
        scaled = value.scaleb(exponent(currency), Context(prec=2000)) if value.is_finite() else value
        assert not scaled.is_finite() or scaled != scaled.to_integral_value() or abs(scaled) > LARGEST
    else:
        assert to_decimal(taken, currency) == value


@pytest.mark.parametrize(
    "text",
    ["1.000000000000000000000000000000001", "1.00" + "0" * 200 + "1", "1_000", "１２", " 1", "1 ", "1,5", "", "-", ".", "1e",
     "NaN", "Infinity", "1e999999", "1e-999999", "1e99999999999999999999", "0x10", "9" * 100],
)  # fmt: skip
def test_an_amount_is_a_plain_number_and_no_digit_of_it_is_dropped(text: str) -> None:
    with pytest.raises(NotMoney):
        to_minor(text, "EUR")


@pytest.mark.parametrize(
    ("text", "amount"), [("12.5", 1250), ("+1", 100), ("-.5", -50), ("3.", 300), ("1e3", 100_000), ("1.00" + "0" * 200, 100)]
)
def test_a_plain_number_is_taken_however_it_is_written(text: str, amount: int) -> None:
    assert to_minor(text, "EUR") == amount


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
    written = format_currency(value, currency, format=exact, locale=locale, currency_digits=False)
    # Babel leaves out the space that CLDR asks for between a code and the digits.
    assert format_money(amount, currency, locale).replace("\u00a0", "") == written.replace("\u00a0", "")


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "written"),
    [
        (128440, "EUR", "en", "€1,284.40"), (128440, "EUR", "fr", "1\u202f284,40\xa0€"), (1500, "JPY", "en", "¥1,500"),
        (-5, "EUR", "fr", "-0,05\xa0€"), (1500, "KWD", "en", "KWD\u00a01.500"), (0, "CHF", "en", "CHF\u00a00.00"),
        (123456789, "INR", "hi", "₹12,34,567.89"),
    ],
)  # fmt: skip
def test_amounts_are_written_as_the_locale_does(amount: int, currency: str, locale: str, written: str) -> None:
    assert format_money(amount, currency, locale) == written


def test_every_currency_with_its_own_digits_is_a_currency() -> None:
    assert EXPONENTS.keys() <= currencies()
