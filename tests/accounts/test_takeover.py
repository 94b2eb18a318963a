"""A thief who has the session, the password or the mailbox for a moment, and what must not be left when the owner is back."""

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine
from httpx import AsyncClient

from app import clock, db
from app.accounts import alarms, authenticators, contacts, email_changes, factors, locking, profiles, telephones
from app.errors import Missing, Refused
from tests import builders
from tests.access_world import alarm_of
from tests.accounts.conftest import Laptops
from tests.accounts.factor_steps import FACTOR, half_in, with_app
from tests.accounts.steps import is_in, sign_in
from tests.builders import ALICE

START = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
async def alice() -> int:
    return await builders.customer(ALICE)


def key_on(page: str) -> str:
    found = re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", page)
    assert found
    return found[1].replace(" ", "")


async def test_the_key_of_an_app_is_shown_in_no_other_session(laptops: Laptops, alice: int) -> None:
    thief, own = laptops("198.51.100.7"), laptops()
    await sign_in(thief)
    noted = key_on((await thief.get("/account/authenticator")).text)
    assert key_on((await thief.get("/account/authenticator")).text) == noted, "a page loaded twice"
    await sign_in(own)
    shown = key_on((await own.get("/account/authenticator")).text)
    assert shown != noted
    code = pyotp.TOTP(noted).now()
    assert (await own.post("/account/authenticator", data={"code": code})).status_code == 422


async def test_what_a_thief_noted_is_void_after_this_wasnt_me(laptops: Laptops, alice: int) -> None:
    """SQLite gives the number of the thief's session to the owner's next one."""
    thief = laptops("198.51.100.7")
    await sign_in(thief)
    noted = key_on((await thief.get("/account/authenticator")).text)
    await alarms.not_me(alarm_of(alice))
    own = laptops()
    await sign_in(own)
    assert key_on((await own.get("/account/authenticator")).text) != noted


async def test_a_key_that_waits_is_over_after_a_quarter_of_an_hour(alice: int) -> None:
    with time_machine.travel(START, tick=False) as time:
        key = await authenticators.begin(alice, 7)
        time.shift(timedelta(minutes=14))
        assert await authenticators.begin(alice, 7) == key
        time.shift(timedelta(minutes=2))
        assert await authenticators.begin(alice, 7) != key


async def test_a_browsers_trust_is_no_proof_before_a_change(laptop: AsyncClient, alice: int) -> None:
    _app, codes = await with_app(alice)
    await half_in(laptop)
    await laptop.post(FACTOR, data={"code": codes[0], "trust": "yes"})
    await laptop.post("/sign-out")
    await sign_in(laptop)
    assert await is_in(laptop), "the trust spares the factor at the door"
    answer = await laptop.post("/account/authenticator/removal")
    assert answer.status_code == 403
    assert "proof_authenticator" in answer.text
    assert (await db.rows("SELECT second_factor FROM customers"))[0]["second_factor"]


async def test_who_came_in_before_there_was_a_factor_has_not_shown_it(laptop: AsyncClient, alice: int) -> None:
    await sign_in(laptop)
    await with_app(alice)
    assert (await laptop.post("/account/authenticator/removal")).status_code == 403
    assert (await laptop.get("/account/email")).headers["location"].startswith("/account/proof")


async def test_whoever_has_only_a_blocked_passkey_proves_it_with_a_recovery_code(laptop: AsyncClient, alice: int) -> None:
    _app, codes = await with_app(alice)
    row = {
        "customer": alice, "credential_id": "abcd", "public_key": "", "kind": "synced", "name": "Phone",
        "created_at": clock.now(), "cloned_at": clock.now(),
    }  # fmt: skip
    await db.insert("passkeys", [row])
    await db.execute("DELETE FROM authenticators")
    laptop.cookies.update(await builders.session(ALICE))
    page = await laptop.get("/account/proof?next=/account/security")
    assert "proof_authenticator" in page.text
    assert "proof_send" not in page.text
    done = await laptop.post("/account/proof", data={"proof_authenticator": codes[0], "proof_next": "/account/security"})
    assert done.headers["location"] == "/account/security"
    assert (await laptop.get("/account/passkeys/new")).status_code == 200


async def test_a_change_that_was_under_way_ends_with_its_session(alice: int) -> None:
    """Past the guard already, it waits for “this wasn't me”, and must not go on behind it."""
    async with builders.signed_in(alice) as thief:
        await alarms.not_me(alarm_of(alice))
        for change in (
            contacts.ask_for_email(thief, "eve@example.net", "192.0.2.1"), factors.remove_authenticator(thief),
            factors.make_recovery_codes(thief), factors.remove_passkey(thief, 1), factors.rename_passkey(thief, 1, "Mine"),
            telephones.change_phone(thief, "+33612345678", "FR"), profiles.change_phrase(thief, "the blue teapot"),
        ):  # fmt: skip
            with pytest.raises(Refused) as refused:
                await change
            assert refused.value.status == 409
    assert await db.rows("SELECT id FROM email_changes") == []


async def test_a_locked_account_does_not_move(alice: int) -> None:
    token = await email_changes.begin(alice, ALICE, "eve@example.net")
    await db.execute("UPDATE customers SET locked_at = {}, locked_by = 'owner'", clock.now())
    with pytest.raises(Missing):
        await contacts.confirm_email(token)
    await db.execute("UPDATE customers SET locked_at = NULL, locked_by = ''")
    await locking.lock(alice, reason="fraud")
    assert await email_changes.find(token) is None, "the operator's lock drops what is open"


async def test_one_mail_does_not_keep_the_owner_out_for_a_week(laptop: AsyncClient, alice: int) -> None:
    token = alarm_of(alice)
    assert (await laptop.post(f"/not-me/{token}")).status_code == 200
    assert (await laptop.post(f"/not-me/{token}")).status_code == 200, "a double click"
    await sign_in(laptop)
    assert (await laptop.post(f"/not-me/{token}")).status_code == 404
    assert await is_in(laptop)


async def test_an_alarm_in_a_mailbox_that_the_account_has_left_is_over(alice: int) -> None:
    with time_machine.travel(START, tick=False) as time:
        token = alarm_of(alice)
        time.shift(timedelta(hours=1))
        await contacts.confirm_email(await email_changes.begin(alice, ALICE, "alice@elsewhere.example"))
        with pytest.raises(Missing):
            await alarms.not_me(token)
