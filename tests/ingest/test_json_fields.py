"""What is shown: a field is what it should be, or an error names it and says what it is."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ingest.json_fields import Record, Unreadable

pytestmark = pytest.mark.without_database

GOOD = {
    "name": " Zoë\x00 ",
    "id": 820982911946154508,
    "price": "12.50",
    "quantity": 2,
    "flag": "TRUE",
    "at": "2021-12-31T19:00:00-05:00",
    "export": "2025-01-15 17:41:00 -0500",
    "utc": "2025-01-15 17:41:00 UTC",
    "local": "2025-07-01T12:00:00",
    "bad": ["x"],
    "lines": [{"price": "1"}, {"price": "x"}],
    "null": None,
}


def test_fields_are_read_as_what_they_are() -> None:
    record = Record.of(GOOD)
    assert (record.text("name"), record.text("id"), record.text("none")) == ("Zoë", "820982911946154508", "")
    assert (record.amount("price", "EUR"), record.amount("none", "EUR"), record.count("quantity")) == (1250, 0, 2)
    assert record.flag("flag")
    assert record.time("at") == datetime(2022, 1, 1, tzinfo=UTC)
    assert record.time("export") == datetime(2025, 1, 15, 22, 41, tzinfo=UTC)
    assert record.time("utc") == datetime(2025, 1, 15, 17, 41, tzinfo=UTC)
    assert record.time("local", "Europe/Paris") == datetime(2025, 7, 1, 10, tzinfo=UTC)
    assert (record.time("null"), record.part("null").values, list(record.each("null"))) == (None, {}, [])


def test_links_are_web_addresses_only() -> None:
    links = Record({"a": "javascript:alert(1)", "b": "https://example.com/?q=1", "c": "https://x y"})
    assert [links.link(key) for key in "abc"] == ["", "https://example.com/?q=1", ""]


@pytest.mark.parametrize(
    ("key", "read_as", "reason"),
    [
        ("bad", lambda record: record.text("bad"), "bad: a list where text was expected"),
        ("name", lambda record: list(record.each("name")), "name: text where a list was expected"),
        ("name", lambda record: record.part("name"), "name: text where an object was expected"),
        ("name", lambda record: record.amount("name", "EUR"), "name: “Zoë” is not an amount"),
        ("price", lambda record: record.amount("price", "JPY"), "price: “12.50” is not an amount in JPY"),
        ("id", lambda record: record.amount("id", "EUR"), "id: “820982911946154508” is too large"),
        ("name", lambda record: record.time("name"), "name: “Zoë” is not a time"),
        ("price", lambda record: record.count("price"), "price: “12.50” is not a quantity"),
        ("name", lambda record: record.currency("name"), "name: “ZOË” is not a currency"),
        ("name", lambda record: record.email("name"), "name: “Zoë” is not an e-mail address"),
        ("quantity", lambda record: record.flag("quantity"), "quantity: a number where true or false was expected"),
        ("null", lambda record: record.required("null"), "null: missing"),
        ("lines", lambda record: [line.amount("price", "EUR") for line in record.each("lines")], "lines[1].price: “x”"),
        ("bad", lambda record: list(record.each("bad")), "bad[0]: text where an object was expected"),
    ],
)
def test_a_field_of_the_wrong_kind_is_named(key: str, read_as: Any, reason: str) -> None:
    with pytest.raises(Unreadable) as error:
        read_as(Record.of(GOOD))
    assert str(error.value).startswith(reason)


@given(st.text(), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_an_amount_of_any_text_is_a_number_or_refused(text: str, currency: str) -> None:
    try:
        amount = Record({"a": text}).amount("a", currency)
    except Unreadable as error:
        reason = str(error)
        assert reason.startswith("a: ")
    else:
        assert type(amount) is int


@given(st.integers(-(10**15), 10**15), st.sampled_from([("EUR", 2), ("JPY", 0), ("KWD", 3)]))
def test_an_amount_written_out_is_read_back_exactly(amount: int, currency: tuple[str, int]) -> None:
    code, digits = currency
    assert Record({"a": f"{Decimal(amount).scaleb(-digits):f}"}).amount("a", code) == amount
