from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie

import msgspec
import pytest
import time_machine

from app import db
from app.accounts import sessions
from app.settings import settings
from tests import builders
from tests.accounts.steps import ask_for_code, enter_code, is_in, mailed_code, sign_in
from tests.builders import ALICE, BOB

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def alice() -> int:
    return await builders.customer(ALICE)


@pytest.fixture
def under_https(monkeypatch):
    https = msgspec.structs.replace(settings, base_url="https://localhost")
    for module in ("app.accounts.sessions", "app.web.pages"):
        monkeypatch.setattr(f"{module}.settings", https)


def cookies(answer) -> dict[str, dict]:
    """Name → value and attributes."""
    made: dict[str, dict] = {}
    for header in answer.headers.get_list("set-cookie"):
        for name, morsel in SimpleCookie(header).items():
            made[name] = {"value": morsel.value, **{key: value for key, value in morsel.items() if value}}
    return made


async def kept() -> list[db.Row]:
    return list(await db.rows("SELECT * FROM sessions ORDER BY id"))


async def test_the_cookie_is_for_this_site_and_not_for_scripts(laptop):
    cookie = cookies(await sign_in(laptop))["session"]
    assert len(cookie.pop("value")) >= 43
    assert cookie == {"httponly": True, "samesite": "lax", "path": "/", "max-age": str(400 * 86_400)}


async def test_under_https_the_cookie_is_bound_to_the_host(laptops, under_https):
    laptop = laptops(https=True)
    cookie = cookies(await sign_in(laptop))["__Host-session"]
    assert cookie["secure"] is True
    assert cookie["path"] == "/"
    assert "domain" not in cookie
    assert await is_in(laptop)
    gone = cookies(await laptop.post("/sign-out"))["__Host-session"]
    assert gone["secure"] is True, "browsers ignore a __Host- cookie that is not Secure, also when it takes one away"
    assert (gone["value"], gone["max-age"]) == ("", "0")


async def test_only_a_hash_of_the_token_is_kept(laptop):
    token = cookies(await sign_in(laptop))["session"]["value"]
    (row,) = await kept()
    assert token not in str(dict(row))


async def test_every_sign_in_makes_a_new_token_and_ends_the_one_held_before(laptop):
    first = cookies(await sign_in(laptop))["session"]["value"]
    second = cookies(await sign_in(laptop))["session"]["value"]
    assert first != second
    assert len(await kept()) == 1
    assert await is_in(laptop)


async def test_a_token_planted_before_sign_in_is_worth_nothing_afterwards(laptops):
    stranger, alices = laptops("198.51.100.1"), laptops()
    await builders.customer(BOB, "Bob")
    await sign_in(stranger, BOB)
    planted = stranger.cookies["session"]
    alices.cookies.set("session", planted, domain="localhost.local")
    assert BOB in (await alices.get("/account")).text, "the planted session is in use"
    await sign_in(alices)
    assert alices.cookies.get("session", domain="localhost.local") != planted
    assert ALICE in (await alices.get("/account")).text
    assert not await is_in(stranger)


async def test_a_token_of_ones_own_making_is_not_adopted(laptop):
    laptop.cookies.set("session", "i-chose-this-token", domain="localhost.local")
    assert not await is_in(laptop)
    token = cookies(await sign_in(laptop))["session"]["value"]
    assert token != "i-chose-this-token"


async def test_signing_out_ends_the_session_for_good(laptops):
    laptop, thief = laptops(), laptops("198.51.100.1")
    await sign_in(laptop)
    thief.cookies.set("session", laptop.cookies["session"], domain="localhost.local")
    assert await is_in(thief)
    answer = await laptop.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert answer.headers["clear-site-data"] == '"cache"'
    assert not await is_in(laptop)
    assert not await is_in(thief), "the token itself is over, not only the cookie"
    assert await kept() == []


async def test_signing_out_twice_or_without_being_in_is_no_error(laptop):
    for _ in range(2):
        answer = await laptop.post("/sign-out")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        assert "You are signed out." not in (await laptop.get("/sign-in")).text


async def test_who_signs_out_is_told_so_once_in_their_language(laptop):
    await sign_in(laptop)
    await laptop.post("/locale", data={"locale": "fr"})
    await laptop.post("/sign-out")
    assert "Vous êtes déconnecté." in (await laptop.get("/sign-in")).text
    assert "Vous êtes déconnecté." not in (await laptop.get("/sign-in")).text


async def test_signing_out_here_leaves_the_others_in(laptops):
    here, there = laptops(), laptops()
    await sign_in(here)
    await sign_in(there)
    await here.post("/sign-out")
    assert await is_in(there)


async def test_a_session_that_was_ended_elsewhere_is_over_at_the_next_request(laptops, alice):
    laptop = laptops()
    await sign_in(laptop)
    assert await is_in(laptop)
    await sessions.end_all(alice)
    assert not await is_in(laptop)


async def test_a_session_lasts_ninety_days_without_a_visit(laptop):
    with time_machine.travel(START, tick=False) as clock:
        await sign_in(laptop)
        clock.move_to(START + timedelta(days=90))
        assert not await is_in(laptop)


async def test_a_visit_in_its_last_sixty_days_renews_a_session(laptop):
    with time_machine.travel(START, tick=False) as clock:
        await sign_in(laptop)
        clock.move_to(START + timedelta(days=29))
        await is_in(laptop)
        assert (await kept())[0]["expires_at"] == START + timedelta(days=90)
        clock.move_to(START + timedelta(days=31))
        await is_in(laptop)
        assert (await kept())[0]["expires_at"] == START + timedelta(days=121)
        clock.move_to(START + timedelta(days=120))
        assert await is_in(laptop)


async def test_a_visit_is_noted_once_an_hour(laptop):
    with time_machine.travel(START, tick=False) as clock:
        await sign_in(laptop)
        for minutes, noted in ((1, 0), (59, 0), (60, 60), (61, 60), (119, 60), (121, 121)):
            clock.move_to(START + timedelta(minutes=minutes))
            await is_in(laptop)
            assert (await kept())[0]["seen_at"] == START + timedelta(minutes=noted), minutes


async def test_a_signed_in_request_costs_one_query(laptop, statements):
    await sign_in(laptop)
    statements.clear()
    assert (await laptop.get("/account/password")).status_code == 200
    assert len(statements) == 1


async def test_signing_in_sweeps_out_the_persons_old_sessions(laptops, alice):
    with time_machine.travel(START, tick=False) as clock:
        await sign_in(laptops())
        clock.shift(timedelta(days=91))
        await sign_in(laptops())
        assert len(await kept()) == 1


async def test_a_sign_in_that_breaks_off_leaves_nothing_behind(laptop, monkeypatch):
    await ask_for_code(laptop)

    async def broken(*_args):
        raise RuntimeError("the power went")

    monkeypatch.setattr("app.accounts.sessions.start", broken)
    answer = await enter_code(laptop, mailed_code(), time_zone="Europe/Paris")
    assert answer.status_code == 500
    assert await db.rows("SELECT 1 FROM events") == []
    assert (await db.one("SELECT time_zone FROM customers"))["time_zone"] == ""


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}])
async def test_nobody_can_be_signed_in_or_out_from_another_site(laptop, headers):
    await sign_in(laptop)
    for path in ("/sign-in", "/sign-in/password", "/sign-out", "/account/password", "/locale"):
        assert (await laptop.post(path, headers=headers)).status_code == 403, path
    assert await is_in(laptop)
