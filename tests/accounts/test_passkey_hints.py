"""A passkey is suggested at a good moment, and never nagged about."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from httpx import AsyncClient

from app import db
from tests import builders
from tests.accounts.factor_steps import FACTOR, half_in, with_app
from tests.accounts.steps import sign_in

START = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
async def alice() -> int:
    return await builders.customer()


async def suggested(laptop: AsyncClient) -> bool:
    return "<passkey-hint" in (await laptop.get("/orders")).text


async def test_for_a_day_after_coming_in_with_a_code_and_again_after_a_month(laptop: AsyncClient, alice: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        await sign_in(laptop)
        assert await suggested(laptop)
        clock.shift(timedelta(hours=23))
        assert await suggested(laptop)
        clock.shift(timedelta(hours=2))
        assert not await suggested(laptop)
        await laptop.post("/sign-out")
        clock.shift(timedelta(days=5))
        await sign_in(laptop)
        assert not await suggested(laptop), "five days later would be nagging"
        await laptop.post("/sign-out")
        clock.shift(timedelta(days=40))
        await sign_in(laptop)
        assert await suggested(laptop)


async def test_whoever_says_no_is_never_asked_again(laptop: AsyncClient, alice: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        await sign_in(laptop)
        answer = await laptop.post("/account/passkeys/declined", headers={"Referer": "http://localhost:8000/orders?q=tea"})
        assert answer.headers["location"] == "/orders?q=tea"
        assert not await suggested(laptop)
        for _ in range(3):
            clock.shift(timedelta(days=100))
            await laptop.post("/sign-out")
            await sign_in(laptop)
            assert not await suggested(laptop)


async def test_whoever_has_a_second_factor_is_not_asked(laptop: AsyncClient, alice: int) -> None:
    _app, codes = await with_app(alice)
    await half_in(laptop)
    await laptop.post(FACTOR, data={"code": codes[0]})
    assert not await suggested(laptop)


async def test_a_kept_page_does_not_go_on_suggesting(laptop: AsyncClient, alice: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        await sign_in(laptop)
        kept = {"If-None-Match": (await laptop.get("/orders")).headers["etag"]}
        assert (await laptop.get("/orders", headers=kept)).status_code == 304
        await laptop.post("/account/passkeys/declined")
        assert (await laptop.get("/orders", headers=kept)).status_code == 200
        await db.execute(
            "UPDATE customers SET passkey_declined = {}, passkey_hint_until = {}", False, START + timedelta(hours=1)
        )
        assert (await laptop.get("/orders", headers=kept)).status_code == 304
        clock.shift(timedelta(hours=2))
        assert (await laptop.get("/orders", headers=kept)).status_code == 200


async def test_adding_one_from_there_leads_back_to_the_orders(laptop: AsyncClient, alice: int) -> None:
    await sign_in(laptop)
    page = await laptop.get("/account/passkeys/new?next=/orders")
    assert '<input type="hidden" name="next" value="/orders">' in page.text
    elsewhere = await laptop.get("/account/passkeys/new?next=https://evil.example")
    assert 'name="next"' not in elsewhere.text
