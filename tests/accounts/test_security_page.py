"""What the page of passkeys and apps says before something is lost, and the way to stop a removal of all of it."""

import asyncio

from httpx import AsyncClient

from app import db
from app.accounts import factor_resets
from app.mail import letters
from tests import builders
from tests.accounts.factor_steps import with_app, with_passkey
from tests.accounts.steps import mails
from tests.builders import ALICE, BOB

PAGE, STOP = "/account/security", "/account/factor-reset/stop"
LAST = "It is your last one"


async def test_the_last_factor_is_not_taken_away_unawares(laptop: AsyncClient) -> None:
    customer = await builders.customer()
    await with_passkey(customer)
    laptop.cookies.update(await builders.session(ALICE, factor=True))
    assert LAST in (await laptop.get(PAGE)).text
    await with_app(customer)
    assert LAST not in (await laptop.get(PAGE)).text, "another one is left"
    (row,) = await db.rows("SELECT id FROM passkeys")
    assert (await laptop.post(f"/account/passkeys/{row['id']}/removal")).status_code == 303
    assert LAST in (await laptop.get(PAGE)).text


async def test_a_passkey_that_is_blocked_is_a_factor_still(laptop: AsyncClient) -> None:
    """It is asked for and cannot be shown: beside it, an app is not the last (see `second_factors.settle`)."""
    customer = await builders.customer()
    await with_passkey(customer)
    await with_app(customer)
    await db.execute("UPDATE passkeys SET cloned_at = created_at")
    laptop.cookies.update(await builders.session(ALICE, factor=True))
    assert LAST not in (await laptop.get(PAGE)).text


async def test_a_removal_that_was_asked_for_is_shown_and_stopped(laptop: AsyncClient) -> None:
    customer = await builders.customer()
    await with_passkey(customer)
    laptop.cookies.update(await builders.session(ALICE))
    assert STOP not in (await laptop.get(PAGE)).text
    await factor_resets.ask(customer, reason="a voice on the telephone")
    shown = (await laptop.get(PAGE)).text
    assert "was asked to remove every passkey" in shown
    assert STOP in shown
    answer = await laptop.post(STOP)
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    assert await factor_resets.pending(customer) is None
    assert "Your second factor stays" in (await laptop.get(PAGE)).text
    assert STOP not in (await laptop.get(PAGE)).text


async def test_two_clicks_at_once_stop_it_once(laptop: AsyncClient) -> None:
    customer = await builders.customer()
    await with_passkey(customer)
    await factor_resets.ask(customer, reason="lost")
    laptop.cookies.update(await builders.session(ALICE))
    answers = await asyncio.gather(*(laptop.post(STOP) for _ in range(2)))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(await db.rows("SELECT id FROM events WHERE kind = 'factor_reset_stopped'")) == 1


async def test_nobody_stops_what_is_another_ones(laptop: AsyncClient) -> None:
    customer = await builders.customer()
    await builders.customer(BOB, "Bob")
    await with_passkey(customer)
    await factor_resets.ask(customer, reason="lost")
    laptop.cookies.update(await builders.session(BOB))
    assert (await laptop.post(STOP)).status_code == 303
    assert await factor_resets.pending(customer)


async def test_the_file_of_codes_says_what_they_are_for(laptop: AsyncClient) -> None:
    customer = await builders.customer()
    await with_passkey(customer)
    laptop.cookies.update(await builders.session(ALICE, factor=True))
    made = await laptop.post("/account/recovery-codes")
    assert "ten new codes" in made.text
    file = await laptop.post("/account/recovery-codes/file", data={"codes": "7kq2m-x4r9d <script> Ring-me"})
    head, _empty, codes = file.text.partition("\n\n")
    assert head.splitlines()[:2] == ["Recovery codes for Comptoir", ALICE]
    assert str(builders.clock.now().year) in head.splitlines()[2]
    assert codes.split() == ["7kq2m-x4r9d"]


async def test_each_alarm_has_a_subject_of_its_own(laptop: AsyncClient) -> None:
    customer = await builders.customer()
    await with_passkey(customer)
    await with_app(customer)
    await letters.post()
    subjects = [str(mail["Subject"]) for mail in mails()]
    assert subjects == [
        "A passkey was added to your account at Comptoir",
        "An authenticator app was set up for your account at Comptoir",
    ]
