"""Numbers as people type them."""

import pytest

from app import typed
from app.errors import Invalid

pytestmark = pytest.mark.without_database

NARROW, WIDE = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("text", "currency", "locale", "minor"),
    [
        ("12,50", "EUR", "fr", 1250), ("12.50", "EUR", "fr", 1250), ("12.50", "EUR", "en", 1250), ("12,50", "EUR", "en", 1250),
        (" 12 ", "EUR", "fr", 1200), ("0", "EUR", "en", 0), (",5", "EUR", "fr", 50), ("1,234", "EUR", "en", 123_400),
        ("1,234.50", "EUR", "en", 123_450), ("1 234,50", "EUR", "fr", 123_450),
        (f"1{NARROW}234{WIDE}567,5", "EUR", "fr", 123_456_750),
        ("1.234,50", "EUR", "de", 123_450), ("500", "JPY", "fr", 500), ("1,250", "TND", "fr", 1250),
        ("1,234,567", "JPY", "en", 1_234_567),
        ("12,5", "EUR", "fr", 1250),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_the_locale_writes_it(text: str, currency: str, locale: str, minor: int) -> None:
    assert typed.amount(text, currency, locale) == minor


@pytest.mark.parametrize(
    ("text", "currency", "locale"),
    [
        ("", "EUR", "fr"), ("douze", "EUR", "fr"), ("-1", "EUR", "fr"), ("12,505", "EUR", "fr"), ("1.234", "EUR", "fr"),
        ("1.234", "EUR", "en"), ("12,5", "JPY", "fr"), ("1,2,3", "EUR", "fr"), ("1.234.5", "EUR", "de"), ("1e3", "EUR", "en"),
        ("١٢", "EUR", "fr"), ("12,", "EUR", "fr"), (",", "EUR", "fr"), ("9" * 40, "EUR", "fr"), ("Infinity", "EUR", "en"),
        ("1,23,456", "EUR", "en"), ("€12", "EUR", "en"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_not_guessed(text: str, currency: str, locale: str) -> None:
    with pytest.raises(typed.NotANumber):
        typed.amount(text, currency, locale)


@pytest.mark.parametrize(
    ("text", "basis_points"),
    [("15", 1500), ("15,5", 1550), ("15.5", 1550), ("15 %", 1500), ("0", 0), ("100", 10_000), ("0,01", 1), ("12.25%", 1225)],
)
@pytest.mark.parametrize("locale", ["en", "fr"])
def test_a_percentage_is_read_to_its_hundredth(text: str, basis_points: int, locale: str) -> None:
    assert typed.percent(text, locale) == basis_points


@pytest.mark.parametrize("text", ["", "%", "100,01", "1,234", "-5", "15%%", "a", "1000"])
def test_what_is_no_percentage_is_refused(text: str) -> None:
    with pytest.raises(typed.NotANumber):
        typed.percent(text, "fr")


@pytest.mark.parametrize(
    ("text", "ok"), [("14", True), (" 7 ", True), ("1.5", False), ("-1", False), ("", False), ("²", False)]
)
def test_a_whole_number_is_whole(text: str, ok: bool) -> None:
    if ok:
        assert typed.whole(text) == int(text)
    else:
        with pytest.raises(typed.NotANumber):
            typed.whole(text)


@pytest.mark.parametrize("locale", ["en", "fr", "de"])
@pytest.mark.parametrize(
    ("minor", "currency"), [(0, "EUR"), (5, "EUR"), (1250, "EUR"), (123_456_789, "EUR"), (500, "JPY"), (1250, "TND")]
)
def test_an_amount_that_is_shown_in_a_field_is_read_as_itself(minor: int, currency: str, locale: str) -> None:
    assert typed.amount(typed.of_amount(minor, currency, locale), currency, locale) == minor


@pytest.mark.parametrize("basis_points", [0, 1, 10, 100, 1000, 1550, 1225, 10_000])
def test_a_percentage_that_is_shown_in_a_field_is_read_as_itself(basis_points: int) -> None:
    for locale in ("en", "fr"):
        assert typed.percent(typed.of_percent(basis_points, locale), locale) == basis_points
    assert [typed.of_percent(it, "fr") for it in (1500, 1550, 1000, 0)] == ["15", "15,5", "10", "0"]


@pytest.mark.parametrize(("text", "said"), [
    ("", ""), ("Ça ne me va pas.\n\tDommage !", ""), ("x" * 2_000, ""), ("x" * 2_001, "At most 2000 letters."),
    ("a\0b", "There is a sign in it that cannot be kept."), ("\ud83d", "There is a sign in it that cannot be kept."),
])  # fmt: skip
def test_words_that_cannot_be_kept_are_named(text: str, said: str) -> None:
    assert typed.wrong_words(text) == said


def test_what_is_typed_into_a_field_is_refused_there() -> None:
    assert typed.amount_at("amount", "1 250,50", "EUR") == 125_050
    assert (typed.count_at("sound-3", " 2 "), typed.count_at("sound-3", " ")) == (2, 0)
    assert typed.day_at("paid", "") is None
    for wrong in (
        lambda: typed.amount_at("amount", "1e3", "EUR"), lambda: typed.amount_at("amount", "a\0", "JPY"),
        lambda: typed.count_at("amount", "1.5"), lambda: typed.count_at("amount", "9" * 12),
        lambda: typed.day_at("amount", "2026-02-30"), lambda: typed.day_at("amount", "\0"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            wrong()
        assert set(refused.value.fields) == {"amount"}
