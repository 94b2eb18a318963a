"""Name, language, time zone, and the phrase that our mails repeat."""

import re
from email.policy import default

import httpx
import pytest

from app import db
from app.accounts import zones
from app.accounts.zones import known as known_zones
from app.i18n import Voice
from app.mail import outbox
from tests import builders
from tests.accounts.steps import ask_for_code, mails, sign_in, text_of
from tests.builders import ALICE

PHRASE = "la théière bleue siffle"


@pytest.fixture
async def alice() -> int:
    return await builders.customer()


@pytest.fixture
async def alices(laptop: httpx.AsyncClient, alice: int) -> httpx.AsyncClient:
    await sign_in(laptop)
    return laptop


async def zone_of(customer: int) -> str:
    found = await db.one("SELECT time_zone FROM customers WHERE id = {}", customer)
    assert found is not None
    return str(found["time_zone"])


async def save(laptop: httpx.AsyncClient, **fields: str) -> httpx.Response:
    return await laptop.post("/account/profile", data={"name": "Alice", "locale": "en", **fields})


def chosen(html: str) -> str:
    found = re.search(r'<option value="([^"]*)" selected>', html.partition('id="zone"')[2])
    return found[1] if found else ""


async def test_a_zone_that_was_chosen_is_not_changed_by_what_a_browser_says(alices, laptops, alice):
    await save(alices, zone="Asia/Tokyo", time_zone="Europe/Paris")
    assert await zone_of(alice) == "Asia/Tokyo"
    page = (await alices.get("/account/profile")).text
    assert chosen(page) == "Asia/Tokyo"
    await save(alices, zone=chosen(page), time_zone="Europe/Paris")
    await sign_in(laptops(), time_zone="Europe/London")
    assert await zone_of(alice) == "Asia/Tokyo"
    assert "Japan" in (await alices.get("/account")).text


async def test_as_this_browser_says_takes_the_zone_of_this_browser(alices, alice):
    await save(alices, zone="Asia/Tokyo")
    await save(alices, zone="browser", time_zone="Europe/Paris")
    assert await zone_of(alice) == "Europe/Paris"
    await save(alices, zone="browser", time_zone="Mars/Olympus")
    assert await zone_of(alice) == "Europe/Paris"


async def test_without_javascript_the_next_sign_in_says_it(alices, laptops, alice):
    await save(alices, zone="Asia/Tokyo")
    await save(alices, zone="browser", time_zone="")
    assert await zone_of(alice) == ""
    await sign_in(laptops(), time_zone="America/Toronto")
    assert await zone_of(alice) == "America/Toronto"


@pytest.mark.parametrize(
    "zone", ["Mars/Olympus", "../../etc/passwd", "europe/paris", "Europe/Paris\x00", "x" * 500, "UTC+2", "<b>", "Europe/Paris "]
)
async def test_a_zone_that_does_not_exist_is_refused_at_its_field(alices, alice, zone):
    answer = await save(alices, zone=zone, name="Alice Typed")
    assert answer.status_code == 422
    assert "zone-error" in answer.text
    assert 'value="Alice Typed"' in answer.text
    assert await zone_of(alice) == ""


async def test_a_zone_that_is_no_place_stays_chosen(alices, alice):
    await db.execute("UPDATE customers SET time_zone = {} WHERE id = {}", "Etc/GMT+5", alice)
    page = (await alices.get("/account/profile")).text
    assert chosen(page) == "Etc/GMT+5"
    await save(alices, zone=chosen(page))
    assert await zone_of(alice) == "Etc/GMT+5"


async def test_times_are_said_in_the_chosen_zone_in_summer_and_in_winter(alices, alice):
    from datetime import UTC, datetime

    await save(alices, zone="America/New_York")
    voice = Voice("en", await zone_of(alice))
    said = [voice.time(datetime(2026, month, day, 6, 30, tzinfo=UTC)) for month, day in ((11, 1), (7, 1), (12, 1))]
    assert said == ["01:30", "02:30", "01:30"]  # on 1 November the clock goes back at six o'clock UTC


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_every_zone_is_listed_once_by_continent_in_the_readers_language(locale):
    groups = zones.grouped(locale)
    listed = [zone for _name, group in groups for zone, _text in group]
    assert len(listed) == len(set(listed)) > 400
    assert set(listed) <= known_zones()
    labels = [text for _name, group in groups for _zone, text in group]
    assert all(labels)
    assert len({(name, text) for name, group in groups for _zone, text in group}) > 410
    london = {"en": "United Kingdom – London", "fr": "Royaume-Uni – Londres"}[locale]
    assert ("Europe", ("Europe/London", london)) in [(name, it) for name, group in groups for it in group]


@pytest.mark.parametrize(
    ("zone", "name"),
    [("Europe/Paris", "France – Paris"), ("America/Toronto", "Canada – Toronto"), ("Asia/Calcutta", "Inde – Kolkata"),
     ("UTC", "Etc/UTC"),
     ("Mars/Olympus", "Mars/Olympus"), ("Europe/Berlin", "Allemagne – Berlin"), ("", "")],
)  # fmt: skip
def test_a_zone_is_named_by_its_country(zone, name):
    assert zones.named(zone, "fr") == name


async def test_names_of_several_scripts_are_kept_as_they_are(alices, alice):
    for name in ("علی\u200cرضا", "O’Neill-Đặng", "山田 太郎", "J. R. «Bob» D."):
        assert (await save(alices, name=name)).status_code == 303
        found = await db.one("SELECT name FROM customers WHERE id = {}", alice)
        assert found is not None
        assert found["name"] == name


@pytest.mark.parametrize("name", ["\u200d", "\u200c \u200d", "Alice\r\nBcc: x@y.example\x00", "\u2066Alice"])
async def test_a_name_that_shows_nothing_or_turns_the_line_round_is_refused(alices, name):
    assert (await save(alices, name=name)).status_code == 422


async def set_phrase(laptop: httpx.AsyncClient, phrase: str = PHRASE) -> httpx.Response:
    return await laptop.post("/account/phrase", data={"phrase": phrase})


async def phrase_of(customer: int) -> str:
    found = await db.one("SELECT phrase FROM customers WHERE id = {}", customer)
    assert found is not None
    return str(found["phrase"])


async def test_every_mail_repeats_the_phrase_until_it_is_removed(alices, laptops, alice):
    assert (await set_phrase(alices)).status_code == 303
    assert "Our mails repeat it" in (await alices.get("/account")).text
    await ask_for_code(laptops())
    await alices.post("/account/proof", data={"proof_send": "yes"})
    await alices.post("/account/passkeys/options")
    new = [mail for mail in mails() if "Your phrase:" in text_of(mail)]
    assert len(new) == 2
    for mail in new:
        html = mail.get_body(("html",))
        assert html is not None
        assert f"Your phrase: {PHRASE}" in text_of(mail)
        assert f"Your phrase: {PHRASE}" in html.get_content()
    await alices.post("/account/phrase/removal")
    await ask_for_code(laptops("192.0.2.9"))
    assert len([mail for mail in mails() if "Your phrase:" in text_of(mail)]) == 2
    events = [row["kind"] for row in await db.rows("SELECT kind FROM events ORDER BY id")]
    assert events.count("phrase_changed") == 2


async def test_the_phrase_is_shown_and_changed_only_after_a_fresh_proof(laptop, alice):
    laptop.cookies.update(await builders.session(proved=False))
    await db.execute("UPDATE customers SET phrase = {}", PHRASE)
    assert PHRASE not in (await laptop.get("/account")).text
    answer = await laptop.get("/account/phrase")
    assert (answer.status_code, PHRASE in answer.text) == (303, False)
    assert (await set_phrase(laptop, "an other one")).status_code == 403
    assert (await laptop.post("/account/phrase/removal")).status_code == 403
    assert await phrase_of(alice) == PHRASE


async def test_the_phrase_is_kept_by_no_cache(alices):
    await set_phrase(alices)
    answer = await alices.get("/account/phrase")
    assert PHRASE in answer.text
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "phrase",
    ["", "  ", "ab", "x" * 81, "a\x00b", "abc\u202edef", "see https://evil.example", "www.evil.example now", "evil.example",
     "write to me@evil.example", "\u200d\u200d\u200d", "ab\x07cd", "ftp://x"],
)  # fmt: skip
async def test_a_phrase_that_cannot_be_taken_is_refused_at_its_field(alices, alice, phrase):
    answer = await set_phrase(alices, phrase)
    assert answer.status_code == 422
    assert "phrase-error" in answer.text
    assert await phrase_of(alice) == ""


@pytest.mark.parametrize(
    "phrase", ["abc", "x" * 80, "Hello... 1.5 litres", "👩‍👩‍👧 tea", "نعم \u200cبله", "<b>bold</b> & {{ 7 }}"]
)
async def test_a_phrase_of_any_script_is_taken(alices, alice, phrase):
    assert (await set_phrase(alices, phrase)).status_code == 303
    assert await phrase_of(alice) == phrase


async def test_a_hostile_phrase_does_no_harm_in_a_mail(alices, laptops, alice):
    await set_phrase(alices, "hi\r\nBcc: eve@evil\r\n\r\n<script>x</script>")
    assert await phrase_of(alice) == ""  # an address in it
    await set_phrase(alices, "hi\r\nBcc: eve\r\n\r\n<script>x</script> {{ 7*7 }} %(x)s")
    assert await phrase_of(alice) == "hi Bcc: eve <script>x</script> {{ 7*7 }} %(x)s"
    await ask_for_code(laptops())
    mail = mails()[-1]
    assert mail["Bcc"] is None
    assert "Bcc: eve <script>" in text_of(mail)
    html = mail.get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()


def test_a_phrase_never_reaches_a_header():
    mail = outbox.compose(
        ALICE, "sign_in_code", Voice("en"), code="1", minutes=1, url="x", phrase="P1\r\nX-Evil: 1", mail_code="K"
    )
    headers = mail.as_bytes(policy=default).partition(b"\n\n")[0]
    assert b"X-Evil" not in headers
