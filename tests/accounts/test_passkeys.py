"""Passkeys: who has one gets in with it, and nothing else that looks like one does."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from app import db
from app.accounts import passkeys
from app.accounts.passkeys import Cloned
from app.errors import Invalid
from tests import builders
from tests.accounts.authenticator import Passkey
from tests.builders import ALICE, BOB

START = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
async def alice() -> int:
    return await builders.customer()


async def enrolled(customer: int, passkey: Passkey, **wrong: Any) -> int:
    options = json.loads(await passkeys.adding_options(customer, ALICE, "Alice"))
    made = await passkeys.verified(customer, passkey.create(options, **wrong))
    return await passkeys.keep(customer, made, "Phone")


async def used(passkey: Passkey, purpose: Any = "signing_in", customer: int | None = None, **wrong: Any) -> passkeys.Used:
    options = json.loads(await passkeys.asking_options(purpose, customer))
    return await passkeys.use(passkey.get(options, **wrong), purpose, customer)


async def test_a_passkey_tells_whose_it_is(alice: int) -> None:
    phone = Passkey()
    number = await enrolled(alice, phone)
    assert await used(phone) == passkeys.Used(number, alice, "Phone")
    assert await used(phone, "factor", alice) == passkeys.Used(number, alice, "Phone")


async def test_the_options_ask_for_verification_and_leave_out_what_is_there(alice: int) -> None:
    phone = Passkey()
    await enrolled(alice, phone)
    adding = json.loads(await passkeys.adding_options(alice, ALICE, "Alice"))
    assert adding["authenticatorSelection"]["userVerification"] == "required"
    assert [one["id"] for one in adding["excludeCredentials"]] == [json.loads(phone._sent({}))["id"]]
    assert ALICE not in adding["user"]["id"]
    asking = json.loads(await passkeys.asking_options("signing_in", None))
    assert (asking["userVerification"], asking["allowCredentials"], asking["rpId"]) == ("required", [], "localhost")


@pytest.mark.parametrize(
    ("passkey", "kind"),
    [
        (Passkey(), "this_device"),
        (Passkey(synced=True, count=None), "synced"),
        (Passkey(transports=("usb", "nfc")), "security_key"),
    ],
)
async def test_each_kind_is_told_apart(alice: int, passkey: Passkey, kind: str) -> None:
    await enrolled(alice, passkey)
    assert [row["kind"] for row in await passkeys.of(alice)] == [kind]
    await used(passkey)
    await used(passkey)


async def test_one_that_is_there_already_is_not_added_again(alice: int) -> None:
    phone = Passkey()
    await enrolled(alice, phone)
    with pytest.raises(Invalid, match="here already"):
        await enrolled(await builders.customer(BOB, "Bob"), phone)


@pytest.mark.parametrize(
    "wrong",
    [{"verified": False}, {"origin": "https://evil.example"}, {"relying_party": "evil.example"}],
)
async def test_what_is_not_right_is_not_added(alice: int, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        await enrolled(alice, Passkey(), **wrong)
    assert await passkeys.of(alice) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"verified": False}, {"bogus_signature": True}, {"origin": "https://evil.example"}, {"relying_party": "evil.example"},
        {"origin": "http://localhost:8000.evil.example"}, {"user_handle": b"somebody else"},
    ],
)  # fmt: skip
async def test_every_wrong_answer_is_refused_in_the_same_words(alice: int, wrong: dict[str, Any]) -> None:
    phone = Passkey()
    await enrolled(alice, phone)
    with pytest.raises(Invalid) as caught:
        await used(phone, **wrong)
    assert caught.value.fields == {"passkey": "That did not work. Try again, or use another way."}
    assert (await used(phone)).customer == alice, "and a right one is taken afterwards"


async def test_a_challenge_is_answered_once_for_its_purpose_by_its_person_and_in_time(alice: int) -> None:
    bob, phone = await builders.customer(BOB, "Bob"), Passkey(count=None)
    await enrolled(alice, phone)
    with time_machine.travel(START, tick=False) as clock:
        options = json.loads(await passkeys.asking_options("signing_in", None))
        answer = phone.get(options)
        await passkeys.use(answer, "signing_in", None)
        for purpose, whom, asked in (
            ("signing_in", None, options),
            ("signing_in", None, json.loads(await passkeys.asking_options("factor", alice))),
            ("factor", alice, json.loads(await passkeys.asking_options("proof", alice))),
            ("factor", alice, json.loads(await passkeys.asking_options("factor", bob))),
            ("factor", bob, json.loads(await passkeys.asking_options("factor", bob))),
        ):
            with pytest.raises(Invalid):
                await passkeys.use(phone.get(asked), purpose, whom)  # type: ignore[arg-type]
        late = json.loads(await passkeys.asking_options("signing_in", None))
        clock.shift(timedelta(minutes=5, seconds=1))
        with pytest.raises(Invalid):
            await passkeys.use(phone.get(late), "signing_in", None)


async def test_a_challenge_that_was_answered_wrongly_is_used_up(alice: int) -> None:
    phone = Passkey()
    await enrolled(alice, phone)
    options = json.loads(await passkeys.asking_options("signing_in", None))
    for wrong in ({"bogus_signature": True}, {}):
        with pytest.raises(Invalid):
            await passkeys.use(phone.get(options, **wrong), "signing_in", None)


async def test_a_count_that_goes_back_blocks_the_passkey(alice: int) -> None:
    phone = Passkey(count=7)
    await enrolled(alice, phone)
    await used(phone)
    phone.count = 7
    with pytest.raises(Cloned) as caught:
        await used(phone)
    assert caught.value.passkey.customer == alice
    phone.count = 100
    with pytest.raises(Invalid):
        await used(phone)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"id":1,"response":{}}', '{"response":{"clientDataJSON":5},"id":"x"}', "x" * 20_000]
)
async def test_nonsense_is_refused_like_everything_else(alice: int, text: str) -> None:
    with pytest.raises(Invalid):
        await passkeys.use(text, "signing_in", None)
    with pytest.raises(Invalid):
        await passkeys.verified(alice, text)


async def test_what_is_kept_tells_nothing_of_the_person(alice: int) -> None:
    await enrolled(alice, Passkey())
    (row,) = await db.rows("SELECT * FROM passkeys")
    assert not any(ALICE in str(value) for value in row.values())
    assert passkeys.user_handle(alice) != passkeys.user_handle(alice + 1)
