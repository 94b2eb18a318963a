from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ingest.amounts import Unreadable, first_of, moment, money, parsed, quantity
from app.ingest.rows import Row, RowError
from app.money import exponent

pytestmark = pytest.mark.without_database

MINOR = st.integers(min_value=-(10**15), max_value=10**15)
CURRENCY = st.sampled_from(["EUR", "JPY", "KWD", "USD"])


def plain(minor: int, currency: str) -> str:
    digits = exponent(currency)
    return f"{Decimal(minor).scaleb(-digits):.{digits}f}"


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("$86.66", 8666), ("86.66", 8666), ("'1,495'", 149500), ("'-4'", -400), ("'-1.6'", -160), ("-$4.00", -400),
        ("$-4", -400), ("1,234,567.89", 123456789), ("1,00,000.00", 10000000), ("CA$12.50", 1250), ("USD 12.5", 1250),
        ("12.50 USD", 1250), ("1 234.50", 123450), ("1\u00a0234.50", 123450), (".5", 50), ("0", 0), ("12.500", 1250),
    ],
)  # fmt: skip
def test_amounts_are_read_as_exports_write_them(text: str, minor: int) -> None:
    assert money(text, "USD") == minor


@pytest.mark.parametrize("text", ["", "  ", "''", "Not Available", "not applicable", "'Not Available'", "N/A"])
def test_what_the_export_does_not_know_is_unknown(text: str) -> None:
    assert money(text, "USD") is None
    assert quantity(text) is None
    assert moment(text, "UTC") is None


@pytest.mark.parametrize(
    "text",
    [
        "abc", "not-a-number", "1,49", "12,3456", "1.234,56", "1.2.3", "12.", "--4", "-$-4", "EUR 3", "3 EUR", "0.001",
        "1e3", "٣", "$", "10 apples", "1" * 40, "0." + "0" * 40 + "1", "NaN", "Infinity",
    ],
)  # fmt: skip
def test_nonsense_is_no_amount(text: str) -> None:
    with pytest.raises(Unreadable):
        money(text, "USD")


def test_a_decimal_comma_is_read_only_where_the_layout_has_one() -> None:
    assert money("1.234,56", "EUR", ",") == 123456
    assert money("-1 234,5 €", "EUR", ",") == -123450
    with pytest.raises(Unreadable):
        money("1,234.56", "EUR", ",")


@given(MINOR, CURRENCY)
def test_a_plain_amount_is_read_back(minor: int, currency: str) -> None:
    assert money(plain(minor, currency), currency) == minor


@given(MINOR, CURRENCY, st.sampled_from(["{}", "'{}'", " {} ", "${}"]))
def test_a_grouped_amount_is_read_back_in_every_dress(minor: int, currency: str, dress: str) -> None:
    text = f"{Decimal(plain(minor, currency)):,}"
    assert money(dress.format(text), currency) == minor
    continental = text.translate(str.maketrans(",.", ".,"))
    assert money(dress.format(continental), currency, ",") == minor


@given(st.text(max_size=12))
def test_any_text_is_an_amount_or_unreadable_and_nothing_else(text: str) -> None:
    for read in (lambda: money(text, "EUR"), lambda: quantity(text)):
        try:
            assert isinstance(read(), int | None)
        except Unreadable:
            assert text.strip()


@given(st.integers(-(10**9), 10**9), st.sampled_from(["{}", "'{}'", "{}.0", "{:,}"]))
def test_a_quantity_is_read_back(count: int, dress: str) -> None:
    assert quantity(dress.format(count)) == count


@pytest.mark.parametrize("text", ["1.5", "abc", "2x", "10000000000", "1,5", "+-1"])
def test_a_part_of_a_thing_is_no_quantity(text: str) -> None:
    with pytest.raises(Unreadable):
        quantity(text)


@given(st.datetimes(datetime(1971, 1, 1), datetime(2199, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_a_written_time_is_read_back(when: datetime, minutes: int) -> None:
    aware = when.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert moment(aware.isoformat(), "UTC") == aware
    assert moment(f"{when:%Y-%m-%d %H:%M:%S}Z", "Asia/Tokyo") == when.replace(microsecond=0, tzinfo=UTC)


@given(st.dates(date(1969, 1, 1), date(2068, 12, 31)), st.sampled_from(["America/New_York", "Asia/Tokyo", "UTC"]))
def test_a_two_digit_year_and_a_date_without_time_stay_that_date(day: date, zone: str) -> None:
    for text in (f"{day:%m/%d/%y}", f"{day.month}/{day.day}/{day.year}", f"{day:%Y-%m-%d}"):
        when = moment(text, zone, "us")
        assert when is not None
        assert when.tzinfo is UTC
        assert when.astimezone(ZoneInfo(zone)).date() == day


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("2024-02-09T12:22:09.518Z", "iso", datetime(2024, 2, 9, 12, 22, 9, 518000, UTC)),
        ("2024-02-09T12:22:09.123456789Z", "iso", datetime(2024, 2, 9, 12, 22, 9, 123456, UTC)),
        ("2024-01-01 10:00+0530", "iso", datetime(2024, 1, 1, 4, 30, tzinfo=UTC)),
        ("08/24/2021 07:01:00 UTC", "us", datetime(2021, 8, 24, 7, 1, tzinfo=UTC)),
        ("2000-01-01 0:00", "us", datetime(2000, 1, 1, 5, 0, tzinfo=UTC)),
        ("24.12.2021 18:30", "%d.%m.%Y %H:%M", datetime(2021, 12, 24, 23, 30, tzinfo=UTC)),
        ("24.12.2021", "%d.%m.%Y", datetime(2021, 12, 24, 17, 0, tzinfo=UTC)),
    ],
)
def test_times_are_read_as_exports_write_them(text: str, form: str, expected: datetime) -> None:
    assert moment(text, "America/New_York", form) == expected


@pytest.mark.parametrize("text", ["not-a-date", "2024-02-30", "02/30/24", "2024-13-01", "20240101", "٢٠٢٤-01-01"])
def test_nonsense_is_no_time(text: str) -> None:
    with pytest.raises(Unreadable):
        moment(text, "UTC", "us")


def test_months_come_first_only_where_the_layout_says_so() -> None:
    with pytest.raises(Unreadable):
        moment("01/21/18", "UTC")


def test_of_two_joined_values_the_first_counts() -> None:
    assert first_of("2024-02-09T12:22:09Z and 2024-02-11T08:00:00Z") == "2024-02-09T12:22:09Z"


def test_a_failure_names_the_column() -> None:
    with pytest.raises(RowError, match="Unit Price: “abc” is not an amount"):
        parsed(Row("a.csv", 2, {}), "Unit Price", money, "abc", "EUR")
