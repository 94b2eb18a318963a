"""A browser whose session was ended from elsewhere is told to forget what it keeps; one whose session ran out is not."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from httpx import AsyncClient, Response

from app import db
from app.accounts import alarms, locking, new_passwords, retention, sessions, sign_in_links
from tests import builders
from tests.access_world import alarm_of
from tests.accounts.conftest import Laptops
from tests.accounts.steps import is_in, sign_in
from tests.builders import ALICE, BOB
from tests.offline.steps import public_id

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
SCRIPT = {"sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}
HTMX = {"hx-request": "true", "hx-request-type": "full"}


@pytest.fixture
async def alice() -> int:
    return await builders.customer()


def forgets(answer: Response) -> bool:
    """Both or neither, whatever else was answered."""
    told = answer.headers.get("x-forget"), answer.headers.get("clear-site-data")
    assert told in (("1", '"cache"'), (None, None)), told
    return told[0] is not None


async def _locked(alice: int) -> None:
    await locking.lock(alice, reason="stolen card")


async def _not_me(alice: int) -> None:
    await alarms.not_me(alarm_of(alice))


async def _new_password(alice: int) -> None:
    async with builders.signed_in(alice) as viewer:
        await new_passwords.set_password(viewer, "four words of some length")


async def _all_others(alice: int) -> None:
    await sessions.end_all(alice)


@pytest.mark.parametrize("ends", [_locked, _not_me, _new_password, _all_others])
async def test_whatever_ended_it_the_browser_is_told(
    laptops: Laptops, alice: int, ends: Callable[[int], Awaitable[None]]
) -> None:
    there = laptops()
    await sign_in(there)
    assert not forgets(await there.get("/orders"))
    await ends(alice)
    assert forgets(await there.get("/orders"))


async def test_every_answer_tells_it_until_the_door_has_been_seen(laptops: Laptops, alice: int) -> None:
    here, there = laptops(), laptops()
    await sign_in(here)
    await sign_in(there)
    (number,) = [row["id"] for row in await db.rows("SELECT max(id) AS id FROM sessions")]
    await here.post(f"/account/sessions/{number}/ending")
    answers = [
        await there.get("/orders"), await there.get("/orders", headers=HTMX), await there.get("/live", headers=SCRIPT),
        await there.get("/nowhere"), await there.head("/orders"),
        await there.post("/account/notifications/push", headers=SCRIPT),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [303, 401, 401, 404, 303, 401]
    assert all(forgets(answer) and "session=" not in answer.headers.get("set-cookie", "") for answer in answers)
    door = await there.get("/sign-in")
    assert forgets(door)
    assert "this session was ended from elsewhere" in door.text
    again = await there.get("/sign-in")
    assert not forgets(again), "the cookie is gone"
    assert "You are signed out here" not in again.text
    assert not forgets(await here.get("/orders"))


async def test_whoever_is_out_is_led_to_the_door_through_a_service_worker_too(laptop: AsyncClient) -> None:
    """Firefox's passes on what a person asks for as a script's own request, with the page's `Accept`."""
    for accept, status in (("text/html,application/xhtml+xml,*/*;q=0.8", 303), ("*/*", 401)):
        assert (await laptop.get("/orders", headers={**SCRIPT, "accept": accept})).status_code == status
    keyed = {**SCRIPT, "accept": "text/html", "idempotency-key": "0123456789abcdef"}
    sent = await laptop.post("/account/profile", data={"name": "A"}, headers=keyed)
    assert sent.status_code == 401, "the worker keeps what was typed, and leads to the door by itself"


async def test_who_signs_in_meanwhile_stays_in(laptops: Laptops, alice: int) -> None:
    there = laptops()
    await sign_in(there)
    await sessions.end_all(alice)
    await sign_in(there)
    assert await is_in(there)
    assert not forgets(await there.get("/orders"))


async def test_a_session_that_ran_out_and_one_that_never_was_are_the_same(laptops: Laptops, alice: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        ran_out, made_up = laptops(), laptops()
        await sign_in(ran_out)
        made_up.cookies.set("session", "i-made-this-up", domain="localhost.local")
        clock.shift(timedelta(days=91))
        for path in ("/orders", "/sign-in"):
            first, second = await ran_out.get(path), await made_up.get(path)
            assert not forgets(first)
            assert not forgets(second)
            assert (first.status_code, first.content, dict(first.headers)) == (
                second.status_code, second.content, dict(second.headers)
            )  # fmt: skip
        assert "as you were away for long" in first.text


async def test_signing_out_by_oneself_leaves_no_trace(laptops: Laptops, alice: int) -> None:
    here = laptops()
    await sign_in(here)
    answer = await here.post("/sign-out")
    assert answer.headers["clear-site-data"] == '"cache"'
    assert await db.rows("SELECT 1 AS one FROM ended_sessions") == []


async def test_a_service_worker_knows_that_it_was_us_who_signed_out(laptops: Laptops, alice: int) -> None:
    """A portal's page, a proxy's refusal, an error: all else is no answer."""
    here = laptops()
    await sign_in(here)
    for said in ("flash", None):  # an answer that was lost is asked for again
        answer = await here.post("/sign-out", headers={"accept": "application/problem+json", "x-viewer": public_id(alice)})
        assert (answer.status_code, answer.headers["clear-site-data"]) == (204, '"cache"')
        assert (said in answer.cookies) if said else not answer.cookies
    assert not await is_in(here)


async def test_who_comes_in_where_somebody_else_was_has_none_of_their_pages_left(laptops: Laptops, alice: int) -> None:
    """Where they come back themselves, nothing is thrown away: it would cost them time."""
    here = laptops()
    entered = []
    for email in (ALICE, ALICE, BOB, BOB, ALICE):
        link = await sign_in_links.make(await builders.customer(email))
        answer = await here.post(f"/sign-in/link/{link}")
        entered.append((answer.headers["location"], answer.headers.get("clear-site-data")))
    assert [cleared for _location, cleared in entered] == [None, None, '"cache"', '"cache"', '"cache"']


async def test_it_costs_whoever_is_signed_in_nothing_and_tells_nobody_the_time(
    laptops: Laptops, alice: int, statements: list[str]
) -> None:
    """A token that was ended and one that never was: as many questions to the database."""
    here, ended, made_up = laptops(), laptops(), laptops()
    await sign_in(ended)
    await sessions.end_all(alice)
    await sign_in(here)
    made_up.cookies.set("session", "i-made-this-up", domain="localhost.local")
    asked = []
    for browser in (here, ended, made_up):
        statements.clear()
        await browser.get("/account/password")
        asked.append(len(statements))
    assert asked == [1, 2, 2]


async def test_only_a_hash_is_kept_and_that_for_a_month(laptops: Laptops, alice: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with time_machine.travel(START, tick=False) as clock:
        there = laptops()
        await sign_in(there)
        token = there.cookies["session"]
        await sessions.end_all(alice)
        (row,) = await db.rows("SELECT * FROM ended_sessions")
        assert set(dict(row)) == {"id", "token_hash", "ended_at"}
        assert token not in str(dict(row))
        for days, told in ((29, True), (30, False)):
            clock.move_to(START + timedelta(days=days))
            monkeypatch.setattr(retention, "_due", 0.0)
            await retention.forget()
            assert forgets(await _with(laptops, token)) is told


async def _with(laptops: Laptops, token: str) -> Response:
    browser: AsyncClient = laptops()
    browser.cookies.set("session", token, domain="localhost.local")
    return await browser.get("/orders")
