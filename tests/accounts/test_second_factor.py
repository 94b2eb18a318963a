"""Signing in with two factors, and with a passkey alone: half the way opens nothing."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from httpx import AsyncClient

from app import db
from app.mail import letters
from tests import builders
from tests.accounts.factor_steps import FACTOR, half_in, with_app, with_passkey
from tests.accounts.steps import PASSWORD, ask_for_code, enter_code, enter_password, is_in, mailed_code, mails, sign_in, text_of
from tests.builders import BOB

START = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
async def alice() -> int:
    return await builders.customer(password_hash="")


@time_machine.travel(START, tick=False)
async def test_after_the_mailed_code_the_app_is_asked_for(laptop: AsyncClient, alice: int) -> None:
    app, _codes = await with_app(alice)
    await half_in(laptop)
    assert not await is_in(laptop)
    assert (await laptop.get(FACTOR)).status_code == 200
    wrong = await laptop.post(FACTOR, data={"code": "000000"})
    assert wrong.status_code == 422
    assert "not the code" in wrong.text
    right = await laptop.post(FACTOR, data={"code": app.now()})
    assert (right.status_code, right.headers["location"]) == (303, "/orders")
    assert await is_in(laptop)
    (row,) = await db.rows("SELECT way, proved_at, factor_at FROM sessions")
    assert (row["way"], row["proved_at"], row["factor_at"]) == ("code", START, START)


async def test_half_the_way_in_opens_nothing(laptop: AsyncClient, alice: int) -> None:
    await with_app(alice)
    await half_in(laptop)
    for path in ("/orders", "/account", "/account/security", "/account/passkeys/new", "/account/proof", "/orders/export.csv"):
        answer = await laptop.get(path)
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/sign-in"), path
    assert (await laptop.post("/account/passkeys/options")).status_code == 303
    assert await db.rows("SELECT id FROM sessions") == []


async def test_without_the_first_factor_there_is_no_second(laptop: AsyncClient, alice: int) -> None:
    app, _codes = await with_app(alice)
    assert (await laptop.get(FACTOR)).headers["location"] == "/sign-in"
    assert (await laptop.post(FACTOR, data={"code": app.now()})).headers["location"] == "/sign-in"
    assert (await laptop.post(f"{FACTOR}/options")).status_code == 404
    laptop.cookies.set("sign-in", "made up")
    assert (await laptop.post(FACTOR, data={"code": app.now()})).headers["location"] == "/sign-in"
    assert not await is_in(laptop)


async def test_half_a_sign_in_is_over_after_ten_minutes(laptop: AsyncClient, alice: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        app, _codes = await with_app(alice)
        await half_in(laptop)
        clock.shift(timedelta(minutes=10, seconds=1))
        assert (await laptop.post(FACTOR, data={"code": app.now()})).headers["location"] == "/sign-in"


@time_machine.travel(START, tick=False)
async def test_a_recovery_code_opens_once_and_its_owner_is_told(laptops, alice: int) -> None:
    _app, codes = await with_app(alice)
    for status in (303, 422):
        laptop = laptops()
        await half_in(laptop)
        assert (await laptop.post(FACTOR, data={"code": codes[0]})).status_code == status
    assert "recovery codes was used" in text_of(mails()[-1]) or any(
        "recovery codes was used" in text_of(one) for one in mails()
    )


async def test_a_trusted_browser_is_not_asked_for_thirty_days(laptops, alice: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        app, _codes = await with_app(alice)
        mine, other = laptops(), laptops()
        await half_in(mine)
        await mine.post(FACTOR, data={"code": app.now(), "trust": "yes"})
        await mine.post("/sign-out")
        await ask_for_code(mine)
        assert (await enter_code(mine, mailed_code())).headers["location"] == "/orders"
        await half_in(other)
        clock.shift(timedelta(days=30, seconds=1))
        await mine.post("/sign-out")
        await half_in(mine)


@time_machine.travel(START, tick=False)
async def test_a_passkey_is_a_second_factor_and_alone_two(laptops, alice: int) -> None:
    phone = await with_passkey(alice)
    laptop, tablet = laptops(), laptops()
    await half_in(laptop)
    options = (await laptop.post(f"{FACTOR}/options")).json()
    answer = await laptop.post(FACTOR, data={"credential": phone.get(options)})
    assert (answer.status_code, await is_in(laptop)) == (303, True)

    options = (await tablet.post("/sign-in/passkey/options")).json()
    answer = await tablet.post("/sign-in/passkey", data={"credential": phone.get(options), "next": "/orders/1001"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/orders/1001")
    assert await is_in(tablet)


async def test_an_app_in_use_is_not_set_up_over(laptop: AsyncClient, alice: int) -> None:
    await sign_in(laptop)
    await with_app(alice)
    await db.execute("UPDATE sessions SET factor_at = proved_at")
    assert (await laptop.get("/account/authenticator")).status_code == 404


async def test_somebody_elses_passkey_is_no_second_factor(laptop: AsyncClient, alice: int) -> None:
    await with_app(alice)
    bob = await builders.customer(BOB, "Bob")
    phone = await with_passkey(bob)
    await half_in(laptop)
    options = (await laptop.post(f"{FACTOR}/options")).json()
    assert (await laptop.post(FACTOR, data={"credential": phone.get(options)})).status_code == 422
    assert not await is_in(laptop)


async def test_a_copied_passkey_is_refused_in_the_same_words_and_told(laptop: AsyncClient, alice: int) -> None:
    phone = await with_passkey(alice)
    phone.count = 50
    options = (await laptop.post("/sign-in/passkey/options")).json()
    await laptop.post("/sign-in/passkey", data={"credential": phone.get(options)})
    laptop.cookies.clear()
    phone.count = 3
    options = (await laptop.post("/sign-in/passkey/options")).json()
    answer = await laptop.post("/sign-in/passkey", data={"credential": phone.get(options)})
    assert answer.status_code == 422
    assert "That did not work" in answer.text
    await letters.post()
    assert any("seems to have been copied" in text_of(mail) for mail in mails())
    assert not await is_in(laptop)
    (row,) = await db.rows("SELECT second_factor FROM customers")
    assert row["second_factor"], "a copy must not switch the second factor off"
    await half_in(laptop)


async def test_a_new_browser_is_told_by_mail_and_this_wasnt_me_locks_everybody_out(laptops, alice: int) -> None:
    mine, thief = laptops(), laptops("203.0.113.9")
    await sign_in(mine)
    assert not any("not seen before" in text_of(mail) for mail in mails()), "the very first is no news"
    await mine.post("/account/password", data={"new_password": PASSWORD})
    await enter_password(thief)
    assert await is_in(thief)
    await letters.post()
    alarm = next(mail for mail in mails() if "not seen before" in text_of(mail))
    path = re.search(r"http://localhost:8000(/not-me/\S+)", text_of(alarm))
    assert path is not None
    looked = await mine.get(path[1])
    assert looked.status_code == 200
    assert await is_in(thief), "looking changes nothing"
    assert (await mine.post(path[1])).status_code == 200
    assert not await is_in(thief)
    assert not await is_in(mine)
    assert (await enter_password(laptops())).status_code == 422, "the password is gone"
    await sign_in(mine)
    (row,) = await db.rows("SELECT locked_at FROM customers WHERE id = {}", alice)
    assert row["locked_at"] is None


async def test_an_address_that_is_not_ours_takes_nothing_back(laptop: AsyncClient) -> None:
    for token in ("x", "a.b", "eyJ", "A" * 200, "%2e%2e"):
        assert (await laptop.get(f"/not-me/{token}")).status_code == 404
        assert (await laptop.post(f"/not-me/{token}")).status_code == 404
