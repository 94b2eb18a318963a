"""What fits a text message."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.notifications.said import Said
from app.notifications.short import ONE, TWO, fitted, plain

pytestmark = pytest.mark.without_database

LINK = "https://orders.example.com/orders/A-10482#parcel-12"


def length(text: str) -> int:
    return sum(2 if sign in TWO else 1 for sign in text)


def test_a_short_one_has_all_of_it() -> None:
    said = Said("Out for delivery: Teapot “Brume”", "It is in the van.", "Follow parcel")
    assert fitted(said, LINK) == f'Out for delivery: Teapot "Brume". It is in the van. {LINK}'


def test_a_long_body_stays_away_and_a_long_title_is_cut() -> None:
    assert fitted(Said("Delivered: Teapot", "x" * 200, ""), LINK) == f"Delivered: Teapot {LINK}"
    text = fitted(Said("Delivered: " + "teapot " * 40, "", ""), LINK)
    assert text.endswith(f"... {LINK}")
    assert 150 < length(text) <= 160


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Théière « Brume » à l’œil", 'Théière "Brume" à l\'oeil'), ("prêt, ça va, Noël", "pret, ca va, Noel"), ("5 €", "5 €"),
        ("10:00 – 12:00…", "10:00 - 12:00..."), ("Łódź", "Łodz"), ("Καφές", "Καφές"), ("日本", "日本"), ("½ l", "½ l"),
    ],
)  # fmt: skip
def test_letters_that_cost_more_are_written_otherwise(text: str, written: str) -> None:
    assert plain(text) == written


def test_what_cannot_be_written_so_gets_two_messages_of_the_other_kind() -> None:
    text = fitted(Said("配達済み: " + "急須" * 80, "", ""), LINK)
    assert text.endswith(f"... {LINK}")
    assert len(text) <= 134


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_the_link_stays_whole_and_nothing_is_longer_than_it_may_be(title: str, body: str) -> None:
    text = fitted(Said(title, body, ""), LINK)
    assert text.endswith(LINK)
    plainly = all(sign in ONE or sign in TWO for sign in text)
    assert length(text) <= 160 if plainly else len(text.encode("utf-16-be")) // 2 <= 160
