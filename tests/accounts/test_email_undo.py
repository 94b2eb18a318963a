"""“This wasn't me” from the old mailbox: the account comes back, whatever was done with it in between."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pyotp
import pytest
import time_machine

from app import db
from app.accounts import email_changes, passwords
from tests import builders
from tests.accounts.authenticator import Passkey
from tests.accounts.email_steps import ask, change, email_of, link_to, to
from tests.accounts.steps import PASSWORD, enter_code, enter_password, is_in, mailed_code, sign_in, text_of
from tests.builders import ALICE, BOB

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
EVE, EVE_2 = "eve@example.net", "eve.2@example.net"
WEEK = timedelta(days=7)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as moved:
        yield moved


@pytest.fixture
async def alice(clock) -> int:
    return await builders.customer()


@pytest.fixture
async def eves(laptop: httpx.AsyncClient, alice: int) -> httpx.AsyncClient:
    """A laptop on which somebody else is signed in as Alice, freshly proved."""
    laptop.cookies.update(await builders.session())
    return laptop


def not_me(email: str, n: int = -1) -> str:
    """The address in the n-th alarm that this mailbox got."""
    found = [match[0] for mail in to(email) if (match := re.search(r"/not-me/\S+", text_of(mail)))]
    return found[n]


async def test_the_old_mailbox_takes_the_account_back(eves, laptops, alice, clock):
    await db.execute("UPDATE customers SET password_hash = {}", passwords.HASHER.hash(PASSWORD))
    await change(eves, EVE)
    clock.shift(timedelta(hours=5))
    alices = laptops("198.51.100.7")
    assert (await alices.get(not_me(ALICE))).status_code == 200
    assert await email_of(alice) == EVE, "looking changes nothing"
    answer = await alices.post(not_me(ALICE))
    assert (answer.status_code, "Your account is safe again" in answer.text) == (200, True)
    assert await email_of(alice) == ALICE
    assert not await is_in(eves)
    assert (await enter_password(laptops(), email=ALICE)).status_code == 422, "the password is gone"
    assert (await enter_password(laptops(), email=EVE)).status_code == 422
    await sign_in(alices, ALICE)
    assert await is_in(alices)
    kinds = [row["kind"] for row in await db.rows("SELECT kind FROM events ORDER BY id")]
    assert [kind for kind in kinds if kind.startswith(("email", "account"))] == [
        "email_change_asked", "email_changed", "email_change_undone", "account_locked", "account_unlocked",
    ]  # fmt: skip


async def test_the_address_that_loses_the_account_is_told_and_has_nothing_to_press(eves, laptops, alice, clock):
    await change(eves, EVE)
    clock.shift(60)
    await laptops().post(not_me(ALICE))
    told = to(EVE)[-1]
    assert "taken it back" in text_of(told).replace("\n", " ")
    assert "/not-me/" not in text_of(told)
    assert ALICE not in text_of(told)


async def test_said_twice_it_is_done_once_more_and_the_account_stays(eves, laptops, alice, clock):
    await change(eves, EVE)
    for _ in range(2):
        clock.shift(60)
        assert (await laptops().post(not_me(ALICE))).status_code == 200
        assert await email_of(alice) == ALICE
    assert len([mail for mail in to(EVE) if "/new-email/" not in text_of(mail)]) == 1


async def test_for_seven_days_and_not_a_second_longer(eves, laptops, alice, clock):
    await change(eves, EVE)
    clock.shift(WEEK + timedelta(seconds=1))
    assert (await laptops().get(not_me(ALICE))).status_code == 404
    assert (await laptops().post(not_me(ALICE))).status_code == 404
    assert await email_of(alice) == EVE
    clock.shift(timedelta(seconds=-1))
    assert (await laptops().post(not_me(ALICE))).status_code == 200
    assert await email_of(alice) == ALICE


async def test_from_a_chain_of_changes_the_first_mailbox_gets_it_back(eves, laptops, alice, clock):
    await change(eves, EVE)
    clock.shift(timedelta(days=2))
    eves.cookies.update(await builders.session(EVE))
    await change(eves, EVE_2)
    assert await email_of(alice) == EVE_2
    clock.shift(timedelta(days=4))
    assert (await laptops().post(not_me(ALICE))).status_code == 200
    assert await email_of(alice) == ALICE
    (left,) = {row["undone_at"] is None for row in await db.rows("SELECT undone_at FROM email_changes")}
    assert left is False, "both are taken back"


async def test_the_second_mailbox_of_a_chain_takes_back_only_the_second_change(eves, laptops, alice, clock):
    await change(eves, EVE)
    clock.shift(timedelta(days=2))
    eves.cookies.update(await builders.session(EVE))
    await change(eves, EVE_2)
    clock.shift(60)
    await laptops().post(not_me(EVE))
    assert await email_of(alice) == EVE
    clock.shift(60)
    await laptops().post(not_me(ALICE))
    assert await email_of(alice) == ALICE


async def test_who_had_the_mailbox_in_between_has_nothing_to_say_any_more(eves, laptops, alice, clock):
    """Neither by the alarm of a later change nor by any other that went to that mailbox."""
    await change(eves, EVE)
    clock.shift(timedelta(hours=1))
    eves.cookies.update(await builders.session(EVE))
    await eves.post("/account/password", data={"new_password": PASSWORD})
    clock.shift(timedelta(hours=1))
    eves.cookies.update(await builders.session(EVE))
    await change(eves, ALICE)
    alarms = [not_me(EVE, n) for n in range(3)]  # password_set, email_change_asked, email_changed
    clock.shift(timedelta(hours=1))
    first = [match[0] for mail in to(ALICE) if (match := re.search(r"/not-me/\S+", text_of(mail)))][1]
    await laptops().post(first)
    assert await email_of(alice) == ALICE
    alices = laptops("198.51.100.7")
    clock.shift(60)
    await sign_in(alices, ALICE)
    for alarm in alarms:
        assert (await laptops().post(alarm)).status_code == 404
    assert await is_in(alices), "nobody locks her out"
    assert await email_of(alice) == ALICE


async def test_ways_in_that_were_added_in_between_go_and_older_ones_stay(eves, laptops, alice, clock):
    own, evil = Passkey(), Passkey()

    async def add(passkey: Passkey, name: str) -> None:
        options = (await eves.post("/account/passkeys/options")).json()
        await eves.post("/account/passkeys/new", data={"name": name, "credential": passkey.create(options)})

    await add(own, "Alice's")
    clock.shift(60)
    await change(eves, EVE)
    clock.shift(60)
    await add(evil, "Eve's")
    page = await eves.get("/account/authenticator")
    key = re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", page.text)
    assert key
    await eves.post("/account/authenticator", data={"code": pyotp.TOTP(key[1].replace(" ", "")).now()})
    await eves.post("/account/recovery-codes")
    await laptops().post(not_me(ALICE, 2))
    assert await email_of(alice) == ALICE
    assert [row["name"] for row in await db.rows("SELECT name FROM passkeys")] == ["Alice's"]
    assert await db.rows("SELECT id FROM authenticators") == []
    assert await db.rows("SELECT id FROM recovery_codes") == []


async def test_a_second_factor_that_a_thief_has_set_up_does_not_keep_the_owner_out(eves, laptops, alice, clock):
    await change(eves, EVE)
    clock.shift(60)
    options = (await eves.post("/account/passkeys/options")).json()
    await eves.post("/account/passkeys/new", data={"name": "Eve's", "credential": Passkey().create(options)})
    await laptops().post(not_me(ALICE))
    alices = laptops("198.51.100.7")
    await sign_in(alices, ALICE)
    assert await is_in(alices)


async def test_a_number_confirmed_in_between_is_taken_off(eves, laptops, alice, clock):
    await change(eves, EVE)
    clock.shift(60)
    await db.execute("UPDATE customers SET phone = {}, phone_confirmed_at = {}", "+33612345678", datetime.now(UTC))
    await laptops().post(not_me(ALICE))
    row = await db.one("SELECT phone, phone_confirmed_at FROM customers WHERE id = {}", alice)
    assert row is not None
    assert (row["phone"], row["phone_confirmed_at"]) == ("", None)


async def test_an_old_address_that_has_another_account_now_keeps_it_and_nobody_gets_into_the_first(eves, laptops, alice, clock):
    await change(eves, EVE)
    bob = await builders.customer(BOB, "Bob")
    bobs = laptops()
    bobs.cookies.update(await builders.session(BOB))
    alarm = not_me(ALICE)
    clock.shift(60)
    await change(bobs, ALICE)
    clock.shift(60)
    answer = await laptops().post(alarm)
    assert (answer.status_code, "Nobody gets in any more" in answer.text) == (200, True)
    assert await email_of(bob) == ALICE
    assert (await email_of(alice)).endswith(".invalid")
    assert not await is_in(eves)
    other = laptops("198.51.100.9")
    await sign_in(bobs, ALICE)
    sent = await other.post("/sign-in", data={"email": EVE})
    assert sent.status_code == 303
    assert "There is no account" in text_of(to(EVE)[-1])
    again = await laptops().post(alarm)
    assert (again.status_code, "Nobody gets in any more" in again.text) == (200, True)


async def test_a_wish_alone_can_be_called_off_from_the_present_mailbox(eves, laptops, alice, clock):
    await ask(eves, EVE)
    link = link_to(EVE)
    clock.shift(60)
    assert (await laptops().post(not_me(ALICE))).status_code == 200
    assert (await laptops().post(link)).status_code == 410
    assert await email_of(alice) == ALICE
    assert not await is_in(eves)


async def test_whatever_the_alarm_was_about_an_open_wish_is_dropped(eves, laptops, alice, clock):
    await eves.post("/account/password", data={"new_password": PASSWORD})
    await ask(eves, EVE)
    link = link_to(EVE)
    await laptops().post(not_me(ALICE, 0))
    assert (await laptops().post(link)).status_code == 410


async def test_after_it_was_taken_back_the_owner_changes_it_again_and_is_told_again(eves, laptops, alice, clock):
    await change(eves, EVE)
    clock.shift(60)
    await laptops().post(not_me(ALICE))
    clock.shift(60)
    alices = laptops("198.51.100.7")
    await sign_in(alices, ALICE)
    await change(alices, "alice@example.org")
    assert await email_of(alice) == "alice@example.org"
    clock.shift(60)
    assert (await laptops().post(not_me(ALICE))).status_code == 200
    assert await email_of(alice) == ALICE


async def test_orders_for_the_thiefs_addresses_are_theirs_again(eves, laptops, alice, clock):
    await change(eves, EVE)
    clock.shift(60)
    await change(eves, EVE_2)
    clock.shift(60)
    await laptops().post(not_me(ALICE))
    for external_id, email in (("1001", EVE), ("1003", EVE_2)):
        made = await builders.order(external_id, customer=builders.Person(email=email, name="Eve"))
        assert made["customer"] != alice
    made = await builders.order("1002", customer=builders.Person(email=ALICE, name="Alice"))
    assert made["customer"] == alice


async def test_of_an_alarm_for_another_customer_nothing_is_taken_back(eves, alice, clock):
    bob = await builders.customer(BOB, "Bob")
    await change(eves, EVE)
    (row,) = await db.rows("SELECT id FROM email_changes")
    async with db.transaction():
        assert await email_changes.take_back(bob, row["id"]) == ""
        assert await email_changes.take_back(alice, row["id"] + 1) == ""
    assert await email_of(alice) == EVE


async def test_a_code_mailed_to_the_thief_before_opens_nothing_after(eves, laptops, alice, clock):
    await change(eves, EVE)
    thief = laptops("203.0.113.5")
    await thief.post("/sign-in", data={"email": EVE})
    code = mailed_code()
    clock.shift(60)
    await laptops().post(not_me(ALICE))
    assert (await enter_code(thief, code)).status_code == 422
