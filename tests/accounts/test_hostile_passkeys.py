"""What no browser would send for a passkey: the one refusal of every wrong answer, and nothing is kept of it."""

import json
from collections.abc import Callable

import cbor2
import pytest
from httpx import AsyncClient, Response

from app import db
from app.accounts import passkeys
from tests import builders
from tests.accounts.authenticator import Passkey, base64url
from tests.accounts.factor_steps import FACTOR, half_in, with_app, with_passkey
from tests.accounts.steps import ask_for_code, enter_code, is_in, mailed_code, sign_in

NESTED = "[" * 10_000


@pytest.fixture
async def alice() -> int:
    return await builders.customer(password_hash="")


def credential(client_data: bytes, **more: object) -> str:
    response = {"clientDataJSON": base64url(client_data), "authenticatorData": "AAAA", "signature": "AAAA", **more}
    whole = {"id": "abcd", "rawId": "abcd", "type": "public-key", "response": response, "clientExtensionResults": {}}
    return json.dumps(whole)


HOSTILE = [
    NESTED, credential(NESTED.encode()), credential(b'{"challenge":"\\u0000"}'), credential(b'{"challenge":"a\\u0000b"}'),
    credential(b'{"challenge":"\\ud800"}'), credential(b'{"challenge":["a"]}'), credential(b'{"challenge":"a"}', transports=5),
    json.dumps({"id": "a\0", "response": {"clientDataJSON": "e30"}}),
    json.dumps({"id": ["a"], "response": {"clientDataJSON": "e"}}),
    json.dumps({"id": "a", "response": {"clientDataJSON": "é"}}), json.dumps({"id": "a", "response": [1]}),
]  # fmt: skip


def refused(answer: Response) -> None:
    assert answer.status_code == 422
    assert "That did not work. Try again, or use another way." in answer.text


async def test_at_the_door(laptop: AsyncClient) -> None:
    for text in HOSTILE:
        refused(await laptop.post("/sign-in/passkey", data={"credential": text}))
    assert not await is_in(laptop)


async def test_as_a_second_factor(laptop: AsyncClient, alice: int) -> None:
    await with_passkey(alice)
    await half_in(laptop)
    for text in HOSTILE:
        await db.execute("DELETE FROM sign_in_attempts")
        refused(await laptop.post(FACTOR, data={"credential": text}))
    assert not await is_in(laptop)


async def test_as_a_new_one(laptop: AsyncClient, alice: int) -> None:
    await sign_in(laptop)
    for text in HOSTILE:
        refused(await laptop.post("/account/passkeys/new", data={"credential": text, "name": "Phone"}))
    assert await db.rows("SELECT id FROM passkeys") == []


def nested(whole: dict, options: dict) -> None:
    client = {"type": "webauthn.create", "challenge": options["challenge"], "origin": "http://localhost:8000"}
    text = json.dumps(client)[:-1] + ',"more":' + "[" * 3000 + "]" * 3000 + "}"
    whole["response"]["clientDataJSON"] = base64url(text.encode())


def another_encoding(whole: dict, options: dict) -> None:
    client = {"type": "webauthn.create", "challenge": options["challenge"], "origin": "\ud800"}
    whole["response"]["clientDataJSON"] = base64url(json.dumps(client).encode())


def an_origin_of_another_kind(whole: dict, options: dict) -> None:
    client = {"type": ["a"], "challenge": options["challenge"], "origin": {"a": 1}}
    whole["response"]["clientDataJSON"] = base64url(json.dumps(client).encode())


def attested_by(what: object) -> Callable[[dict, dict], None]:
    def attested(whole: dict, _options: dict) -> None:
        whole["response"]["attestationObject"] = base64url(cbor2.dumps(what))

    return attested


def another_statement(whole: dict, _options: dict) -> None:
    raw = whole["response"]["attestationObject"]
    made = cbor2.loads(passkeys.base64url_to_bytes(raw))
    broken = {**made, "fmt": "packed", "attStmt": {"alg": "x", "sig": 1}}
    whole["response"]["attestationObject"] = base64url(cbor2.dumps(broken))


ATTESTED = map(attested_by, ({}, [], 1, {"fmt": "none"}))
BROKEN = [nested, another_encoding, an_origin_of_another_kind, another_statement, *ATTESTED]


@pytest.mark.parametrize("broken", BROKEN)
async def test_with_a_challenge_of_ours_the_rest_may_be_anything(laptop: AsyncClient, alice: int, broken) -> None:
    await sign_in(laptop)
    options = (await laptop.post("/account/passkeys/options")).json()
    whole = json.loads(Passkey().create(options))
    broken(whole, options)
    refused(await laptop.post("/account/passkeys/new", data={"credential": json.dumps(whole), "name": "Phone"}))
    assert await db.rows("SELECT id FROM passkeys") == []


async def test_only_transports_of_the_standard_are_kept(laptop: AsyncClient, alice: int) -> None:
    await sign_in(laptop)
    options = (await laptop.post("/account/passkeys/options")).json()
    phone = Passkey(transports=("a\0b", "internal", "telepathy", "hybrid", "internal"))
    await laptop.post("/account/passkeys/new", data={"credential": phone.create(options), "name": "Phone"})
    (row,) = await db.rows("SELECT transports, kind FROM passkeys")
    assert (row["transports"], row["kind"]) == ("hybrid internal", "this_device")


async def test_an_id_that_no_table_can_hold_is_nobodys(laptop: AsyncClient, alice: int) -> None:
    phone = await with_passkey(alice)
    options = (await laptop.post("/sign-in/passkey/options")).json()
    whole = json.loads(phone.get(options))
    refused(await laptop.post("/sign-in/passkey", data={"credential": json.dumps({**whole, "id": "a\0"})}))
    answer = await laptop.post("/sign-in/passkey", data={"credential": json.dumps(whole)})
    assert answer.status_code == 303, "what cannot be read uses no challenge up"


@pytest.mark.parametrize(("said", "kept"), [("a\0b", ""), ("Nowhere/Atlantis", ""), ("Europe/Paris", "Europe/Paris")])
async def test_only_a_zone_that_exists_goes_the_whole_way_in(laptop: AsyncClient, alice: int, said: str, kept: str) -> None:
    _app, codes = await with_app(alice)
    await ask_for_code(laptop)
    assert (await enter_code(laptop, mailed_code(), time_zone=said)).headers["location"] == FACTOR
    assert (await laptop.post(FACTOR, data={"code": codes[0]})).status_code == 303
    (row,) = await db.rows("SELECT time_zone FROM customers")
    assert row["time_zone"] == kept
