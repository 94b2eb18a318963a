"""The meter's judgement: whatever zxcvbn says is said by us, in every language, and nothing typed keeps the server busy."""

import ast
import asyncio
import inspect
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from zxcvbn import feedback, matching

from app import i18n
from app.accounts import password_strength, strength_words
from app.accounts.password_strength import is_leaked, is_made_of, measured, words_of

pytestmark = pytest.mark.without_database

ABOUT = ("Élodie Petit-Jean", "elo.petit@example.com", "Comptoir")


def told() -> set[str]:
    """Every text that zxcvbn can say: what its feedback module passes to gettext."""
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(feedback))) if isinstance(node, ast.Call)]
    return {
        node.args[0].value
        for node in calls
        if isinstance(node.func, ast.Name) and node.func.id == "_" and isinstance(node.args[0], ast.Constant)
    }


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_each_warning_and_suggestion_has_words_of_ours(locale: str) -> None:
    i18n.current.set(i18n.Voice(locale))
    texts = told()
    assert len(texts) > 20
    silent = [text for text in texts if not (strength_words.warning(text) or strength_words.advice(text))]
    assert silent == []


def test_french_is_not_english() -> None:
    spoken = []
    for locale in ("en", "fr"):
        i18n.current.set(i18n.Voice(locale))
        spoken.append({strength_words.warning(text) or strength_words.advice(text) for text in told()})
        spoken[-1] |= {strength_words.of_score(score) for score in range(5)}
    assert not spoken[0] & spoken[1]


@pytest.mark.parametrize(
    ("guesses", "english", "french"),
    [
        (1, "at once", "aussitôt"), (599_999, "at once", "aussitôt"), (1e8, "about 3 hours", "environ 3 heures"),
        (1e10, "about 2 weeks", "environ 2 semaines"), (1e12, "about 3 years", "environ 3 ans"),
        (1e14, "centuries", "siècles"), (10.0**300, "centuries", "siècles"),
    ],
)  # fmt: skip
def test_the_effort_is_said_plainly(guesses: float, english: str, french: str) -> None:
    for locale, text in (("en", english), ("fr", french)):
        i18n.current.set(i18n.Voice(locale))
        assert text in strength_words.effort(guesses).replace("\xa0", " ")


@pytest.mark.parametrize(
    "typed", ["password", "PASSWORD", " password ", "¡password!", "qwertyuiop", "Ｐａｓｓｗｏｒｄ", "iloveyou\n", "--dragon--"]
)
def test_a_stolen_password_is_known_whatever_is_around_it(typed: str) -> None:
    assert is_leaked(typed)


@pytest.mark.parametrize("typed", ["", "!!!!!!!!!!!", "four words of some length", "dolphin 83492017 lamp"])
def test_another_is_not(typed: str) -> None:
    assert not is_leaked(typed)


async def test_even_a_long_stolen_one_is_very_weak() -> None:
    found = await measured("mailcreated5240", ())
    assert (found.score, found.leaked, found.good) == (0, True, False)


@pytest.mark.parametrize(
    "typed",
    ["Élodie-Petit-1987", "elodiepetit", "petit.jean.elodie", "ELO.PETIT@example.com!", "elo.petit2026", "Comptoir 2026!"],
)
async def test_what_belongs_to_the_person_or_the_shop_is_no_secret(typed: str) -> None:
    found = await measured(typed, ABOUT)
    assert found.score <= 1
    assert "Your name" in found.warning
    assert (await measured(f"{typed} magnolia kerosene", ABOUT)).good, "it does no harm beside real words"


async def test_one_persons_words_are_not_held_against_another() -> None:
    """The library keeps them in a table of all calls: of many at once each is measured with its own."""
    pairs = [("Zwetschge Krummbein", "zwetschgekrummbein"), ("Bob", "zwetschgekrummbein")] * 20
    found = await asyncio.gather(*(measured(typed, [name]) for name, typed in pairs))
    assert {strength.good for strength in found[::2]} == {False}
    assert {strength.good for strength in found[1::2]} == {True}


def test_words_are_known_with_and_without_accents_together_and_alone() -> None:
    assert {"élodie petit-jean", "elodie", "petit", "jean", "elodiepetitjean"} <= set(words_of(ABOUT))
    assert words_of(["", "a", "!", " b "]) == [" b "]
    assert not is_made_of("", ["elodie"])
    assert not is_made_of("!!!", [])


async def test_what_is_too_short_says_how_much_is_missing() -> None:
    found = await measured("zq!7vW", ())
    assert (found.missing, found.good) == (4, False)
    assert (await measured("", ())).missing == 10


async def test_a_long_good_one_is_good_though_only_its_beginning_is_measured() -> None:
    assert (await measured("a lamp, a teapot, a kite and " * 6, ABOUT)).good
    assert not (await measured("a" * 60 + " lamp teapot kite", ABOUT)).good


HARD = ["1|7([<{!+%@48$", "1|7([<", "0123456789", "ab", "1", "1991.01.", "qwerty", "aA1!é漢\u0301🎉\x00\u202e"]


def ways_to_read(text: str) -> int:
    """In how many ways zxcvbn puts letters for what stands for them: what its time doubles with."""
    return len(matching.enumerate_l33t_subs(matching.relevant_l33t_subtable(text, matching.L33T_TABLE)))


@pytest.mark.parametrize("letters", HARD, ids=ascii)
def test_what_takes_the_library_long_is_bounded_whatever_is_typed(letters: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unbounded, 72 characters that stand for letters take more than a second."""
    seen: list[str] = []
    monkeypatch.setattr(password_strength, "zxcvbn", lambda text, _known: seen.append(text))
    dice = random.Random(letters)
    for typed in (letters * 200, *("".join(dice.choices(letters, k=200)) for _ in range(5))):
        password_strength._measure(typed[:200], password_strength.ROWS_OF_KEYS)
    assert len(seen) == 6
    assert max(map(len, seen)) <= 48
    assert max(map(ways_to_read, seen)) <= 2**5


async def test_the_loop_goes_on_while_something_is_measured() -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0)
            ticks += 1

    ticking = asyncio.create_task(tick())
    await measured("1|7([<" * 30, ABOUT)
    ticking.cancel()
    assert ticks > 3


@given(st.text(max_size=60), st.text(max_size=40))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_is_typed_and_whatever_somebody_is_called_is_measured(typed: str, name: str) -> None:
    found = await measured(typed, [name, "alice@example.com"])
    assert 0 <= found.score <= 4
