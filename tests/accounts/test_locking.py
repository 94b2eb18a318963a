"""An account that the operator has locked opens by no way in, and whoever has shown nothing yet does not learn of it."""

import json

import pytest
from httpx import AsyncClient

from app import clock, db
from app.accounts import actions, alarms, entering, locking, password_links, passwords
from app.accounts.entering import Shown
from app.accounts.sessions import Browser
from app.errors import Refused
from tests import builders
from tests.accounts.factor_steps import FACTOR, half_in, with_app, with_passkey
from tests.accounts.steps import PASSWORD, ask_for_code, enter_code, enter_password, is_in, mailed_code, mails, sign_in, wrong
from tests.builders import ALICE

SAID = "This account is locked"
TEXT = "The people who run this shop have locked it."


@pytest.fixture
async def alice() -> int:
    return await builders.customer(password_hash=passwords.HASHER.hash(PASSWORD))


async def state(customer: int) -> tuple[bool, str]:
    (row,) = await db.rows("SELECT locked_at, locked_by FROM customers WHERE id = {}", customer)
    return row["locked_at"] is not None, row["locked_by"]


async def test_a_lock_ends_every_session_and_half_a_sign_in(laptops, alice: int) -> None:
    app, _codes = await with_app(alice)
    inside, half = laptops(), laptops()
    inside.cookies.update(await builders.session(ALICE))
    await half_in(half)
    await locking.lock(alice, reason="stolen card")
    assert not await is_in(inside)
    assert await db.rows("SELECT id FROM sessions") == []
    assert (await half.post(FACTOR, data={"code": app.now()})).headers["location"] == "/sign-in"
    (event,) = await db.rows("SELECT customer, data FROM events WHERE kind = 'account_locked'")
    assert event["customer"] == alice
    assert json.loads(event["data"]).items() >= {"by": "operator", "reason": "stolen card"}.items()


async def test_a_mailed_code_does_not_open_what_the_operator_has_locked(laptop: AsyncClient, alice: int) -> None:
    await locking.lock(alice, reason="fraud")
    await ask_for_code(laptop)
    refused = await enter_code(laptop, wrong(mailed_code()))
    assert (refused.status_code, TEXT in refused.text) == (422, False)
    right = await enter_code(laptop, mailed_code())
    assert (right.status_code, TEXT in right.text) == (403, True)
    assert not await is_in(laptop)
    assert await state(alice) == (True, "operator")
    assert await db.rows("SELECT id FROM sessions") == []


async def test_nor_does_the_password_and_a_wrong_one_says_what_it_always_says(laptop: AsyncClient, alice: int) -> None:
    await locking.lock(alice, reason="fraud")
    guessed = await enter_password(laptop, "not the right one")
    nobody = await enter_password(laptop, "not the right one", email="nobody@example.com")
    assert guessed.status_code == nobody.status_code == 422
    assert guessed.text.replace(ALICE, "") == nobody.text.replace("nobody@example.com", "")
    right = await enter_password(laptop)
    assert (right.status_code, TEXT in right.text) == (403, True)
    assert not await is_in(laptop)


async def test_nor_does_a_link_of_the_shell(laptop: AsyncClient, alice: int) -> None:
    path = (await actions.make_link(ALICE)).partition("8000")[2]
    await locking.lock(alice, reason="fraud")
    answer = await laptop.post(path)
    assert (answer.status_code, SAID in answer.text, TEXT in answer.text) == (403, True, True)
    assert not await is_in(laptop)


async def test_nor_does_a_passkey_alone(laptop: AsyncClient, alice: int) -> None:
    phone = await with_passkey(alice)
    await locking.lock(alice, reason="fraud")
    options = (await laptop.post("/sign-in/passkey/options")).json()
    answer = await laptop.post("/sign-in/passkey", data={"credential": phone.get(options)})
    assert (answer.status_code, TEXT in answer.text) == (403, True)
    assert not await is_in(laptop)


async def test_nor_does_a_second_factor_whose_first_was_shown_before(laptop: AsyncClient, alice: int) -> None:
    """Also when the half sign-in were forgotten: the last step asks by itself."""
    app, _codes = await with_app(alice)
    await half_in(laptop)
    await db.execute("UPDATE customers SET locked_at = {}, locked_by = 'operator'", clock.now())
    answer = await laptop.post(FACTOR, data={"code": app.now()})
    assert (answer.status_code, TEXT in answer.text) == (403, True)
    assert not await is_in(laptop)
    with pytest.raises(Refused):
        await entering.enter(alice, Browser(network="192.0.2.1"), Shown("password"))


async def test_nor_does_a_mailed_link_to_a_new_password_which_stays_as_it_was(laptop: AsyncClient, alice: int) -> None:
    path = f"/sign-in/password/new/{await password_links.make(ALICE)}"
    await locking.lock(alice, reason="fraud")
    new = {"new_password": "kites over a slow river"}
    assert (await laptop.post(path, data=new)).status_code == 410, "what was asked for before is over"
    path = f"/sign-in/password/new/{await password_links.make(ALICE)}"
    answer = await laptop.post(path, data=new)
    assert (answer.status_code, TEXT in answer.text) == (403, True)
    assert not await is_in(laptop)
    await locking.unlock(alice, reason="it was not")
    assert (await enter_password(laptop)).status_code == 303, "the old password"


async def test_who_asks_for_a_code_learns_nothing(laptop: AsyncClient, alice: int) -> None:
    await locking.lock(alice, reason="fraud")
    asked = await ask_for_code(laptop)
    nobody = await ask_for_code(laptop, "nobody@example.com")
    assert (asked.status_code, asked.headers["location"]) == (nobody.status_code, nobody.headers["location"])
    assert "locked" not in (await laptop.get("/sign-in/code")).text


async def test_unlocked_it_opens_again_and_both_are_recorded_with_their_reason(laptop: AsyncClient, alice: int) -> None:
    await locking.lock(alice, reason="fraud")
    with pytest.raises(Refused):
        await locking.lock(alice, reason="twice")
    await locking.unlock(alice, reason="it was not")
    with pytest.raises(Refused):
        await locking.unlock(alice, reason="twice")
    await sign_in(laptop)
    assert await is_in(laptop)
    rows = await db.rows("SELECT kind, data FROM events WHERE kind LIKE 'account%' ORDER BY id")
    assert [(row["kind"], json.loads(row["data"])["reason"]) for row in rows] == [
        ("account_locked", "fraud"), ("account_unlocked", "it was not"),
    ]  # fmt: skip


async def test_this_wasnt_me_makes_no_lock_of_the_operators_one_of_the_owners(laptop: AsyncClient, alice: int) -> None:
    await locking.lock(alice, reason="fraud")
    await alarms.not_me(alarms._token(alarms.Alarm(alice, "new_device", 0, int(clock.now().timestamp()))))
    assert await state(alice) == (True, "operator")
    await ask_for_code(laptop)
    assert (await enter_code(laptop, mailed_code())).status_code == 403
    await locking.unlock(alice, reason="known by telephone")
    await sign_in(laptop)
    assert await state(alice) == (False, "")


async def test_the_owners_lock_still_ends_with_a_mailed_code_and_the_operators_goes_over_it(
    laptop: AsyncClient, alice: int
) -> None:
    await alarms.not_me(alarms._token(alarms.Alarm(alice, "new_device", 0, int(clock.now().timestamp()))))
    assert await state(alice) == (True, "owner")
    await sign_in(laptop)
    assert await state(alice) == (False, "")
    await alarms.not_me(alarms._token(alarms.Alarm(alice, "new_device", 1, int(clock.now().timestamp()))))
    await locking.lock(alice, reason="fraud")
    assert await state(alice) == (True, "operator")


async def test_a_session_of_a_locked_account_is_worth_nothing(alice: int, laptop: AsyncClient) -> None:
    laptop.cookies.update(await builders.session(ALICE))
    assert await is_in(laptop)
    await db.execute("UPDATE customers SET locked_at = {}", clock.now())
    assert not await is_in(laptop)
    assert mails() == []
