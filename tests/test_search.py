"""Searching: what looks alike is alike, and no sign is taken for a command."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search import folded, patterns

pytestmark = pytest.mark.without_database


@given(st.text())
def test_case_and_accents_do_not_count(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert folded(text.casefold()) == folded(text)


def test_every_single_sign_is_folded_to_the_end() -> None:
    signs = [chr(number) for number in range(0x110000) if not 0xD800 <= number < 0xE000]
    for first in range(0, len(signs), 4096):
        text = "|".join(signs[first : first + 4096])  # what stands between keeps each sign by itself
        assert folded(folded(text)) == folded(text)
        assert folded(text.casefold()) == folded(text)
        assert folded(text).count("|") >= len(signs[first : first + 4096]) - 1


def test_ligatures_and_accents_are_what_they_look_like() -> None:
    assert folded("Œuf, Straße, Ærø, İstanbul, ﬁn, É, Lego™") == "oeuf, strasse, aero, istanbul, fin, e, legotm"


def test_signs_with_a_meaning_in_sql_are_taken_as_they_are() -> None:
    assert patterns("50% a_b c\\d") == ["%50\\%%", "%a\\_b%", "%c\\\\d%"]


@given(st.text())
def test_there_are_never_too_many_words(text: str) -> None:
    assert len(patterns(text)) <= 8
