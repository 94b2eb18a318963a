"""Where somebody is signed in, what ends it, and who may end what."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from itertools import count

import pyotp
import pytest
import time_machine
from httpx import ASGITransport, AsyncClient

from app import db
from app.accounts import devices, places
from app.asgi import create_app
from app.tokens import hash_token
from tests import builders
from tests.accounts.factor_steps import with_app
from tests.accounts.steps import ask_for_code, enter_code, is_in, mailed_code, sign_in
from tests.builders import ALICE, BOB

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOSTS = count(1)
DEVICES, FACTOR = "/account/devices", "/sign-in/second-factor"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 "
    "Mobile/15E148 Safari/604.1"
)
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"


@pytest.fixture
async def alice() -> int:
    return await builders.customer(time_zone="Europe/Paris")


async def signed_in(laptops, user_agent: str = WINDOWS, network: str = "192.0.2.1", email: str = ALICE) -> AsyncClient:
    laptop = laptops(network)
    laptop.headers["user-agent"] = user_agent
    await sign_in(laptop, email)
    return laptop


async def number_of(laptop: AsyncClient) -> int:
    row = await db.one("SELECT id FROM sessions WHERE token_hash = {}", hash_token(laptop.cookies["session"]))
    assert row is not None
    return row["id"]


async def kinds() -> list[str]:
    return [row["kind"] for row in await db.rows("SELECT kind FROM events ORDER BY id")]


def entries(text: str) -> list[str]:
    """Each browser on the page, as it reads."""
    found = re.findall(r"<li><div class=\"row\">(.*?)</div></li>", text, re.S)
    return [" ".join(re.sub(r"<[^>]*>", " ", one).split()) for one in found]


async def test_the_page_names_every_browser_this_one_first(laptops, alice: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        here = await signed_in(laptops)
        clock.shift(timedelta(hours=3))
        await signed_in(laptops, IPHONE, "203.0.113.9")
        clock.shift(timedelta(minutes=30))
        first, second = entries((await here.get(DEVICES)).text)
    assert first == "Chrome on Windows This browser In use now · 192.0.2.1 Signed in on 21 Nov 2026 with a mailed code"
    assert second.startswith("Safari on iPhone Last seen today, 16:00 · 203.0.113.9 Signed in on 21 Nov 2026"), second


@pytest.mark.parametrize(
    ("zone", "seen", "now", "said"),
    [
        ("Europe/Paris", "2026-03-28T23:30", "2026-03-29T01:30", "today, 00:30"),  # the night that summer time begins in
        ("Europe/Paris", "2026-03-28T22:30", "2026-03-29T21:30", "yesterday, 23:30"),
        ("Europe/Paris", "2026-10-24T22:30", "2026-10-25T22:45", "today, 00:30"),  # a day of 25 hours
        ("Pacific/Kiritimati", "2026-11-21T09:00", "2026-11-21T10:30", "yesterday, 23:00"),
        ("America/New_York", "2026-11-20T04:00", "2026-11-21T04:30", "yesterday, 23:00"),
        ("", "2026-11-19T23:59", "2026-11-21T00:01", "on 19 November 2026, 23:59"),
    ],
)
async def test_last_seen_is_told_in_the_persons_own_days(laptops, zone: str, seen: str, now: str, said: str) -> None:
    alice = await builders.customer(time_zone=zone)
    with time_machine.travel(datetime.fromisoformat(f"{seen}+00:00"), tick=False) as clock:
        await signed_in(laptops, IPHONE)
        clock.move_to(datetime.fromisoformat(f"{now}+00:00"))
        here = await signed_in(laptops)
        await db.execute("UPDATE customers SET time_zone = {} WHERE id = {}", zone, alice)
        assert f"Last seen {said}" in (await here.get(DEVICES)).text


async def test_a_place_is_shown_instead_of_a_network(laptops, alice: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "of", lambda network, _voice: {"203.0.113.9": "Lyon, France"}.get(network, ""))
    here = await signed_in(laptops)
    await signed_in(laptops, IPHONE, "203.0.113.9")
    text = (await here.get(DEVICES)).text
    assert "Lyon, France" in text
    assert "203.0.113.9" not in text


async def test_where_a_session_was_last_seen_is_noted_with_when(laptops, application, alice: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        laptop = await signed_in(laptops)
        travelled = laptops("2001:db8:1:2:3:4:5:6")
        travelled.cookies.set("session", laptop.cookies["session"], domain="localhost.local")
        for minutes, network in ((59, "192.0.2.1"), (61, "2001:db8:1:2::/64")):
            clock.move_to(START + timedelta(minutes=minutes))
            assert await is_in(travelled)
            (row,) = await db.rows("SELECT network FROM sessions")
            assert row["network"] == network


async def test_an_ended_session_is_over_at_its_next_request_in_every_process(laptops, alice: int) -> None:
    """Two applications on one database, as two processes of `serve --workers 2` are."""
    here, there = await signed_in(laptops), await signed_in(laptops, IPHONE)
    other_process = ASGITransport(create_app(), client=("192.0.2.1", 40_000))  # type: ignore[arg-type]
    async with AsyncClient(transport=other_process, base_url="http://localhost:8000", cookies=dict(there.cookies)) as elsewhere:
        assert await is_in(elsewhere)
        answer = await here.post(f"/account/sessions/{await number_of(there)}/ending")
        assert (answer.status_code, answer.headers["location"]) == (303, DEVICES)
        assert not await is_in(elsewhere)
    assert not await is_in(there)
    assert await is_in(here)
    assert (await kinds())[-1] == "session_ended"


async def test_who_was_put_out_is_told_so_once_and_the_browser_forgets_the_pages(laptops, alice: int) -> None:
    here, there = await signed_in(laptops), await signed_in(laptops, IPHONE)
    await here.post("/account/sessions/ending")
    moved = await there.get("/orders?state=delivered")
    assert moved.headers["location"] == "/sign-in?next=/orders%3Fstate%3Ddelivered"
    door = await there.get(moved.headers["location"])
    assert "You are signed out here" in door.text
    assert door.headers["clear-site-data"] == '"cache"'
    assert "You are signed out here" not in (await there.get("/sign-in")).text
    await here.post("/sign-out")
    assert "You are signed out here" not in (await here.get("/sign-in")).text, "they did it themselves"


async def test_htmx_is_told_to_leave_for_the_door(laptops, alice: int) -> None:
    here, there = await signed_in(laptops), await signed_in(laptops, IPHONE)
    await here.post("/account/sessions/ending")
    answer = await there.get("/orders", headers={"hx-request": "true", "hx-request-type": "full"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in?next=/orders")


async def test_somebody_elses_session_and_browser_do_not_exist(laptops, alice: int) -> None:
    alices = await signed_in(laptops)
    await builders.customer(BOB, "Bob")
    bobs = await signed_in(laptops, email=BOB)
    number = await number_of(alices)
    (device,) = await db.rows("SELECT id FROM devices WHERE customer = {}", alice)
    await db.execute(
        "UPDATE devices SET trusted_until = {} WHERE id = {}", builders.clock.now() + timedelta(days=9), device["id"]
    )
    for theirs, never in (
        (f"/account/sessions/{number}/ending", "/account/sessions/999999/ending"),
        (f"/account/devices/{device['id']}/distrust", "/account/devices/999999/distrust"),
    ):
        answer, nothing = await bobs.post(theirs), await bobs.post(never)
        assert (answer.status_code, nothing.status_code) == (404, 404)
        assert answer.content == nothing.content
    assert await is_in(alices)
    assert (await db.one("SELECT trusted_until FROM devices WHERE id = {}", device["id"]))["trusted_until"]
    assert "session_ended" not in await kinds()
    assert str(number) not in "".join(re.findall(r"sessions/(\d+)/", (await bobs.get(DEVICES)).text))


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999", "2147483648", "x", "1.5", "%00"])
async def test_no_number_breaks_anything(laptops, alice: int, number: str) -> None:
    here = await signed_in(laptops)
    places = ("sessions/{}/ending", "devices/{}/distrust", "passkeys/{}/removal", "passkeys/{}/name")
    for path in places:
        assert (await here.post(f"/account/{path.format(number)}", data={"since": "9" * 99, "name": "x"})).status_code == 404, (
            path
        )
    assert await is_in(here)


async def test_ending_everything_else_spares_this_browser_and_other_people(laptops, alice: int) -> None:
    here, others = await signed_in(laptops), [await signed_in(laptops, IPHONE) for _ in range(3)]
    await builders.customer(BOB, "Bob")
    bobs = await signed_in(laptops, email=BOB)
    for _ in range(2):  # a double click
        answer = await here.post("/account/sessions/ending")
        assert (answer.status_code, answer.headers["location"]) == (303, DEVICES)
    assert [await is_in(one) for one in (here, *others, bobs)] == [True, False, False, False, True]
    assert (await kinds()).count("sessions_ended") == 1


async def test_a_double_click_ends_one_session_and_complains_of_nothing(laptops, alice: int) -> None:
    here, there = await signed_in(laptops), await signed_in(laptops, IPHONE)
    path = f"/account/sessions/{await number_of(there)}/ending"
    answers = [await here.post(path) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 303]
    assert (await kinds()).count("session_ended") == 1


async def test_two_clicks_at_the_same_moment_are_told_once(laptops, alice: int) -> None:
    here, there = await signed_in(laptops), await signed_in(laptops, IPHONE)
    path = f"/account/sessions/{await number_of(there)}/ending"
    answers = await asyncio.gather(*(here.post(path) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {303}
    assert (await kinds()).count("session_ended") == 1


async def test_a_number_that_was_given_away_again_does_not_end_the_new_session(laptops, alice: int) -> None:
    here, there = await signed_in(laptops), await signed_in(laptops, IPHONE)
    number = await number_of(there)
    since = re.search(r"name=\"since\" value=\"(\d+)\"", (await here.get(DEVICES)).text)
    assert since is not None
    await here.post(f"/account/sessions/{number}/ending", data={"since": since[1]})
    again = await signed_in(laptops, IPHONE)
    await db.execute("UPDATE sessions SET id = {} WHERE id = {}", number, await number_of(again))
    answer = await here.post(f"/account/sessions/{number}/ending", data={"since": since[1]})
    assert answer.status_code == 303, "the one that was meant is over"
    assert await is_in(again)


async def test_without_a_fresh_proof_sessions_can_be_ended(client: AsyncClient, laptops) -> None:
    client.cookies.update(await builders.session(ALICE, proved=False))
    there = await signed_in(laptops)
    assert (await client.post("/account/sessions/ending")).headers["location"] == DEVICES
    assert not await is_in(there)


async def asked_for_the_factor(laptop: AsyncClient) -> bool:
    await laptop.post("/sign-out")
    assert (await ask_for_code(laptop)).status_code == 303
    return (await enter_code(laptop, mailed_code())).headers["location"] == FACTOR


async def trusting(laptops, app: pyotp.TOTP, clock: time_machine.Traveller, user_agent: str) -> AsyncClient:
    """A browser that is signed in and trusted, in a network of its own."""
    laptop = laptops(f"192.0.2.{next(HOSTS)}")
    laptop.headers["user-agent"] = user_agent
    clock.shift(timedelta(minutes=1))  # another code
    assert await asked_for_the_factor(laptop)
    assert (await laptop.post(FACTOR, data={"code": app.now(), "trust": "yes"})).headers["location"] == "/orders"
    return laptop


async def test_a_browser_whose_session_was_ended_is_asked_for_the_factor_again(laptops, alice: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        app, _codes = await with_app(alice)
        here, there, third = [await trusting(laptops, app, clock, agent) for agent in (WINDOWS, IPHONE, IPHONE)]
        await here.post(f"/account/sessions/{await number_of(there)}/ending")
        assert await asked_for_the_factor(there)
        assert not await asked_for_the_factor(third)
        await here.post("/account/sessions/ending")
        assert await asked_for_the_factor(third)
        assert not await asked_for_the_factor(here), "this one stays trusted"


async def test_trust_is_listed_with_its_end_also_without_a_session_and_taken_away(laptops, alice: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        app, _codes = await with_app(alice)
        here, there = [await trusting(laptops, app, clock, agent) for agent in (WINDOWS, IPHONE)]
        await there.post("/sign-out")
        text = (await here.get(DEVICES)).text
        assert [one for one in entries(text) if "until" in one] == [
            "Safari on iPhone until 21 December 2026 Trust no longer",
            "Chrome on Windows This browser until 21 December 2026 Trust no longer",
        ]
        path = re.search(r"/account/devices/\d+/distrust", text)
        assert path is not None
        for _ in range(2):
            assert (await here.post(path[0])).headers["location"] == DEVICES
        assert (await kinds()).count("device_distrusted") == 1
        assert await asked_for_the_factor(there)
        for _ in range(2):
            assert (await here.post("/account/devices/distrust")).status_code == 303
        assert (await kinds()).count("devices_distrusted") == 1
        assert "Trusted browsers" not in (await here.get(DEVICES)).text
        assert await asked_for_the_factor(here)


async def test_trust_that_is_over_is_not_listed(laptops, alice: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        here = await trusting(laptops, (await with_app(alice))[0], clock, WINDOWS)
        clock.shift(devices.TRUSTED_FOR)
        assert "Trusted browsers" not in (await here.get(DEVICES)).text


async def test_half_a_sign_in_ends_with_everything_else(laptops, alice: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        app, _codes = await with_app(alice)
        here, thief = await trusting(laptops, app, clock, WINDOWS), laptops("203.0.113.9")
        assert await asked_for_the_factor(thief)
        await here.post("/account/sessions/ending")
        clock.shift(timedelta(minutes=1))
        assert (await thief.post(FACTOR, data={"code": app.now()})).headers["location"] == "/sign-in"


@pytest.mark.parametrize(
    "user_agent",
    [
        "<script>alert(1)</script>/9",
        "<img src=x onerror=alert(1)>Bot/2",
        "x" * 10_000,
        "Firefox\"'><b>/1",
        "",
        "curl/8.1 %s {{7*7}}",
    ],
)
async def test_a_hostile_name_of_a_browser_is_a_text(laptops, alice: int, user_agent: str) -> None:
    await signed_in(laptops, user_agent)
    here = await signed_in(laptops)
    for path in (DEVICES, "/account/activity"):
        answer = await here.get(path)
        assert answer.status_code == 200
        for found in ("<script>alert", "<img src=x", "<b>/1", "x" * 50, ">49<"):
            assert found not in answer.text
    (kept,) = await db.rows("SELECT max(length(user_agent)) AS most FROM sessions")
    assert kept["most"] <= 300


async def test_hundreds_of_sessions_are_one_page_and_one_click(laptops, alice: int) -> None:
    here, at = await signed_in(laptops), builders.clock.now()
    row = {"customer": alice, "user_agent": WINDOWS, "created_at": at, "seen_at": at, "expires_at": at + timedelta(days=90)}
    await db.insert("sessions", [{**row, "token_hash": f"{n}"} for n in range(500)])
    found = entries((await here.get(DEVICES)).text)
    assert len(found) == 100
    assert "This browser" in found[0]
    await here.post("/account/sessions/ending")
    assert len(await db.rows("SELECT id FROM sessions")) == 1
