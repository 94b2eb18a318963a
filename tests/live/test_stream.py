"""The stream of one process: the newest at once and whenever it changes, to its own person, as long as they are signed in."""

import asyncio
import contextlib
from datetime import timedelta

import pytest
from httpx import AsyncClient
from litestar.types import ASGIApp

from app import clock, db
from app.accounts import customers, sessions
from app.live import hub as hubs
from app.live.hub import Hub
from app.live.listeners import Listener, State
from app.tokens import hash_token
from tests import builders
from tests.builders import ALICE, BOB
from tests.live.browser import Listening, listening


async def change(customer: int, unread: int = 0) -> None:
    async with db.transaction():
        await customers.raise_revision(customer)
        await db.execute("UPDATE customers SET unread = {} WHERE id = {}", unread, customer)


async def silent(browser: Listening) -> bool:
    await asyncio.sleep(0.3)
    return browser.said.empty()


async def test_it_says_at_once_how_things_are_and_then_each_change(application: ASGIApp, live: Hub) -> None:
    alice = await builders.customer(unread=2)
    async with listening(application, await builders.session()) as browser:
        words = await browser.words()
        assert words.startswith("retry: ")
        assert words.endswith('id: 1\nevent: counter\ndata: {"revision":1,"unread":2,"threads":0}\n\n')
        await change(alice, 3)
        assert await browser.state() == (2, 3)
        await change(alice, 0)
        assert await browser.state() == (3, 0)
    assert browser.status == 200
    assert browser.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert browser.headers["cache-control"] == "no-store"
    assert browser.headers["x-accel-buffering"] == "no"
    assert "content-encoding" not in browser.headers


async def test_who_works_at_a_desk_hears_how_many_wait_there(application: ASGIApp, live: Hub) -> None:
    sam = await builders.member("sam@example.com")
    async with listening(application, await builders.session("sam@example.com")) as browser:
        assert f'"unread":0,"threads":0,"desks":{{"{builders.MO}":0}}}}' in await browser.words()
        async with db.transaction():
            await customers.raise_revision(sam)
            await db.execute("UPDATE customers SET desks = {} WHERE id = {}", '{"x":3}', sam)
        assert '"desks":{"x":3}}' in await browser.words()


async def test_what_is_bobs_is_not_told_to_alice(application: ASGIApp, live: Hub) -> None:
    bob = await builders.customer(BOB, "Bob")
    async with (
        listening(application, await builders.session(ALICE)) as hers,
        listening(application, await builders.session(BOB)) as his,
    ):
        assert (await hers.state(), await his.state()) == ((1, 0), (1, 0))
        await change(bob, 1)
        assert await his.state() == (2, 1)
        assert await silent(hers)


async def test_what_is_rolled_back_is_told_to_nobody(application: ASGIApp, live: Hub) -> None:
    alice = await builders.customer()
    async with listening(application, await builders.session()) as browser:
        await browser.state()
        with contextlib.suppress(ValueError):
            async with db.transaction():
                await customers.raise_revision(alice)
                raise ValueError
        assert await silent(browser)


async def test_what_happens_before_the_hub_knows_of_the_stream_is_told(live: Hub) -> None:
    """The guard has read revision 1, and somebody has raised it since."""
    alice = await builders.customer()
    token = (await builders.session())["session"]
    await change(alice)
    await asyncio.sleep(0.3)  # whoever listens has heard of that
    said: asyncio.Queue[bytes] = asyncio.Queue()

    async def write(words: bytes, _more: bool) -> None:
        said.put_nowait(words)

    listener = Listener(alice, hash_token(token), write, State(1, 0))
    live.add(listener)
    async with asyncio.timeout(10):
        assert await said.get() == State(2, 0).event()
    live.remove(listener)


async def test_who_reads_slowly_hears_only_the_newest(application: ASGIApp, live: Hub) -> None:
    alice = await builders.customer()
    async with listening(application, await builders.session()) as browser:
        await browser.state()
        browser.takes.clear()
        for n in range(12):
            await change(alice, n)
            await asyncio.sleep(0.05)
        await asyncio.sleep(1)  # until the last of it has come, also on a busy machine
        browser.takes.set()
        told = [await browser.state()]
        while told[-1] != (13, 11):
            told.append(await browser.state())
        assert len(told) <= 2  # the one that it was busy with, and the newest
        assert await silent(browser)


async def test_a_heartbeat_comes_when_nothing_happens(application: ASGIApp, live: Hub) -> None:
    await builders.customer()
    async with listening(application, await builders.session()) as browser:
        await browser.state()
        for second in range(hubs.ROUND):
            live.beat(second)
        assert await browser.words() == ":\n\n"
        assert await silent(browser)


@pytest.mark.parametrize("way", ["signed out", "expired", "locked"])
async def test_it_is_over_when_the_session_is(application: ASGIApp, live: Hub, way: str) -> None:
    alice = await builders.customer()
    async with listening(application, await builders.session()) as browser:
        await browser.state()
        match way:
            case "signed out":
                await sessions.end_all(alice)
            case "expired":
                await db.execute("UPDATE sessions SET expires_at = {}", clock.now() - timedelta(seconds=1))
            case "locked":
                await db.execute("UPDATE customers SET locked_at = {}, revision = revision + 1", clock.now())
        for second in range(hubs.ROUND):  # at the latest; a change that is heard of ends it sooner
            live.beat(second)
        assert "event: over\n" in await browser.end()
        assert f'"revision":{2}' not in await browser.end()


async def test_an_ended_session_is_found_out_without_a_heartbeat(application: ASGIApp, live: Hub) -> None:
    alice = await builders.customer()
    cookies = await builders.session()
    async with listening(application, cookies) as ended, listening(application, await builders.session()) as other:
        await ended.state()
        await other.state()
        newest = (await db.rows("SELECT min(id) AS id FROM sessions"))[0]["id"]
        assert await sessions.end(newest, customer=alice)
        assert "event: over\n" in await ended.end()
        assert await silent(other)


async def test_of_too_many_streams_of_one_person_the_oldest_is_closed(application: ASGIApp, live: Hub) -> None:
    await builders.customer()
    cookies = await builders.session()
    open_ones = [listening(application, cookies) for _ in range(hubs.EACH + 2)]
    browsers = [await one.__aenter__() for one in open_ones]
    try:
        for browser in browsers[:2]:
            assert "event: over\n" in await browser.end()
        assert live.count == hubs.EACH
        assert not any(browser.over.is_set() for browser in browsers[2:])
    finally:
        for one in open_ones:
            await one.__aexit__(None, None, None)


async def test_a_process_that_has_enough_sends_away(
    application: ASGIApp, alice: AsyncClient, live: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "MOST", 1)
    async with listening(application, await builders.session()):
        answer = await alice.get("/live")
        assert (answer.status_code, answer.headers["retry-after"], answer.content) == (503, "60", b"")
    assert (await alice.get("/live")).status_code == 200


async def test_head_is_answered_and_over(alice: AsyncClient, live: Hub) -> None:
    answer = await alice.head("/live")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"].startswith("text/event-stream")


async def test_a_database_that_does_not_answer_is_asked_again(
    application: ASGIApp, live: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, asked, faults = await builders.customer(), db.rows, iter((True, True))
    async with listening(application, await builders.session()) as browser:
        await browser.state()

        async def failing(sql: str, *args: object) -> object:
            if sql.lstrip().startswith("SELECT s.token_hash") and next(faults, False):
                raise OSError("gone")
            return await asked(sql, *args)

        monkeypatch.setattr(db, "rows", failing)
        await change(alice, 1)
        assert await browser.state() == (2, 1)
        assert next(faults, None) is None


async def test_a_server_that_stops_says_good_bye_and_takes_nobody_more(
    application: ASGIApp, alice: AsyncClient, live: Hub
) -> None:
    async with listening(application, await builders.session()) as browser:
        await browser.state()
        live.close()
        assert await browser.end() == ""  # no `over`: it is to come again
        assert (await alice.get("/live")).status_code == 503
