"""Words, dates and hours by the reader's locale and zone."""

from datetime import UTC, date, datetime

import msgspec
import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from app import i18n
from app.i18n import Voice

pytestmark = pytest.mark.without_database

AT = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("fr", "fr"), ("fr-CH, en;q=0.5", "fr"), ("de, fr;q=0.8, en;q=0.9", "en"), ("", "en"), ("*", "en"),
        ("fr;q=0, en", "en"), ("en-US,en;q=0.9,fr;q=0.8", "en"), ("fr;q=x, en;q=0.1", "en"),
    ],
)  # fmt: skip
def test_the_first_language_we_speak_is_chosen_by_weight(header: str, locale: str) -> None:
    assert i18n.from_accept_language(header) == locale


@pytest.mark.parametrize(
    ("name", "locale"),
    [
        ("pt-PT", "pt_PT"), ("pt_pt", "pt_PT"), ("pt", "pt"), ("pt-AO", "pt"), ("zh-Hant-TW", "zh_Hant"), ("zh-CN", "zh_Hans"),
        ("de", "de_AT"), ("de-CH", "de_AT"), ("nl", ""), ("", ""),
    ],
)  # fmt: skip
def test_the_locale_that_fits_best_is_chosen(monkeypatch: pytest.MonkeyPatch, name: str, locale: str) -> None:
    spoken = ("zh_Hans", "pt", "pt_PT", "zh_Hant", "de_AT")
    monkeypatch.setattr(i18n, "settings", msgspec.structs.replace(i18n.settings, locales=spoken))
    assert i18n.supported(name) == locale


@given(st.text(max_size=60))
def test_no_header_breaks_the_choice(header: str) -> None:
    assert i18n.from_accept_language(header) in ("en", "fr")


@pytest.mark.parametrize(
    ("voice", "day", "weekday", "moment"),
    [
        (Voice("en", "UTC"), "24 Nov 2026", "Tuesday 24 Nov", "24 November 2026, 23:30"),
        (Voice("en", "Europe/Paris"), "25 Nov 2026", "Wednesday 25 Nov", "25 November 2026, 00:30"),
        (Voice("fr", "America/New_York"), "24 nov. 2026", "mardi 24 nov.", "24 novembre 2026 à 18:30"),
        (Voice("fr", "Not/AZone"), "24 nov. 2026", "mardi 24 nov.", "24 novembre 2026 à 23:30"),
    ],
)
@time_machine.travel(datetime(2026, 11, 20, tzinfo=UTC), tick=False)
def test_dates_are_the_readers(voice: Voice, day: str, weekday: str, moment: str) -> None:
    assert (voice.day(AT), voice.weekday(AT), voice.moment(AT)) == (day, weekday, moment)
    assert f"{voice.weekday(AT, last=True)}." == f"{weekday.rstrip('.')}."


@time_machine.travel(datetime(2027, 1, 2, tzinfo=UTC), tick=False)
def test_another_year_is_named() -> None:
    assert Voice("en").weekday(AT) == "Tuesday 24 Nov 2026"


@pytest.mark.parametrize(
    ("on", "day", "weekday"),
    [
        (date(2026, 12, 1), "1er déc. 2026", "mardi 1er déc."),
        (date(2026, 12, 11), "11 déc. 2026", "vendredi 11 déc."),
        (date(2026, 1, 21), "21 janv. 2026", "mercredi 21 janv."),
    ],
)
@time_machine.travel(datetime(2026, 11, 20, tzinfo=UTC), tick=False)
def test_the_first_of_a_month_has_its_french_ordinal(on: date, day: str, weekday: str) -> None:
    assert (Voice("fr").day(on), Voice("fr").weekday(on)) == (day, weekday)


def test_a_month_heads_a_list_with_a_capital() -> None:
    assert Voice("fr").month(date(2026, 11, 3)) == "Novembre 2026"


@time_machine.travel(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), tick=False)
def test_the_hour_that_comes_twice_belongs_to_its_day() -> None:
    """In Paris the clocks go back this night: 02:30 is there twice, on one day."""
    voice = Voice("fr", "Europe/Paris")
    assert [voice.time(datetime(2026, 10, 25, hour, 30, tzinfo=UTC)) for hour in (0, 1)] == ["02:30", "02:30"]
    assert voice.today() == date(2026, 10, 25)
