import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app import db
from app.accounts import actions
from app.accounts.sessions import Browser
from app.errors import Invalid, Missing
from app.settings import settings
from tests import builders
from tests.accounts.steps import is_in, sign_in
from tests.builders import ALICE, BOB

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def alice() -> int:
    return await builders.customer(ALICE)


async def a_link() -> str:
    """Its path."""
    return (await actions.make_link(ALICE)).removeprefix(settings.base_url)


async def test_a_link_is_a_whole_address_and_the_table_holds_only_a_hash():
    url = await actions.make_link("  Alice@Example.com")
    assert url.startswith(f"{settings.base_url}/sign-in/link/")
    (row,) = await db.rows("SELECT token_hash FROM sign_in_links")
    token = url.rpartition("/")[2]
    assert len(token) >= 43
    assert row["token_hash"] != token


async def test_there_is_no_link_for_somebody_unknown():
    with pytest.raises(Missing):
        await actions.make_link(BOB)
    with pytest.raises(Invalid):
        await actions.make_link("nobody")


async def test_looking_at_a_link_does_not_use_it_up(laptops):
    path = await a_link()
    scanner, alices = laptops("198.51.100.1"), laptops()
    for _ in range(3):
        seen = await scanner.get(path)
        assert seen.status_code == 200
        assert f"Sign in as {ALICE}" in seen.text
        assert "set-cookie" not in seen.headers
    assert not await is_in(scanner)
    answer = await alices.post(path, data={"time_zone": "Europe/Paris"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/orders")
    assert await is_in(alices)


async def test_a_link_is_used_once(laptops):
    path = await a_link()
    assert (await laptops().post(path)).status_code == 303
    other = laptops()
    for answer in (await other.post(path), await other.get(path)):
        assert answer.status_code == 410
        assert "This link is over" in answer.text
        assert ALICE not in answer.text
    assert not await is_in(other)


async def test_a_link_followed_many_times_at_once_lets_one_in(alice):
    token = (await a_link()).rpartition("/")[2]
    browser = Browser(network="192.0.2.1")
    outcomes = await asyncio.gather(*(actions.sign_in_with_link(token, browser) for _ in range(5)), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Entered"] + ["Missing"] * 4
    (row,) = await db.rows("SELECT count(*) AS n FROM sessions")
    assert row["n"] == 1


async def test_a_link_is_good_for_fifteen_minutes(laptop):
    with time_machine.travel(START, tick=False) as clock:
        path = await a_link()
        clock.shift(timedelta(minutes=14, seconds=59))
        assert (await laptop.get(path)).status_code == 200
        clock.shift(1)
        assert (await laptop.get(path)).status_code == 410
        assert (await laptop.post(path)).status_code == 410
        await actions.make_link(ALICE)
    (row,) = await db.rows("SELECT count(*) AS n FROM sign_in_links")
    assert row["n"] == 1, "the old one is gone"


async def test_a_made_up_link_is_over_too(laptop):
    used = await a_link()
    await laptop.post(used)
    answers = [await laptop.get(path) for path in (used, "/sign-in/link/made-up")]
    texts = {answer.text.replace(answer.request.url.path, "…") for answer in answers}
    assert {answer.status_code for answer in answers} == {410}
    assert len(texts) == 1


async def test_signing_in_by_link_takes_the_place_of_who_was_in(laptop):
    await builders.customer(BOB, "Bob")
    await sign_in(laptop, BOB)
    bobs = laptop.cookies["session"]
    await laptop.post(await a_link())
    assert ALICE in (await laptop.get("/account")).text
    laptop.cookies.set("session", bobs, domain="localhost.local")
    assert not await is_in(laptop), "Bob's session is over"
