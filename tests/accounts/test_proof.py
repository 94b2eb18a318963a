"""What changes who gets in wants a fresh proof; a change that had to wait for it then goes on by itself."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pyotp
import pytest
import time_machine
from httpx import AsyncClient

from app import db
from app.accounts import authenticators, passwords
from tests import builders
from tests.accounts.authenticator import Passkey
from tests.accounts.steps import PASSWORD, mailed_code, sign_in
from tests.builders import BOB

START = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
async def alice() -> int:
    return await builders.customer()


def hidden(html: str) -> list[tuple[str, str]]:
    """The hidden fields of the last form on a page."""
    form = html.rpartition("<form")[2]
    return [(name, unescape(value)) for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)]


async def test_for_a_quarter_of_an_hour_after_signing_in_nothing_is_asked(laptop: AsyncClient, alice: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        await sign_in(laptop)
        clock.shift(timedelta(minutes=14))
        assert (await laptop.get("/account/passkeys/new")).status_code == 200
        clock.shift(timedelta(minutes=2))
        answer = await laptop.get("/account/passkeys/new")
        assert (answer.status_code, answer.headers["location"]) == (303, "/account/proof?next=/account/passkeys/new")
        assert (await laptop.get("/account/security")).status_code == 200, "looking is free"


async def test_a_mailed_code_is_proof_for_who_has_nothing_else(laptop: AsyncClient, alice: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        await sign_in(laptop)
        clock.shift(timedelta(hours=1))
        page = await laptop.get("/account/proof?next=/account/authenticator")
        assert "proof_password" not in page.text
        sent = await laptop.post("/account/proof", data={"proof_send": "yes", "proof_next": "/account/authenticator"})
        assert sent.status_code == 200
        wrong = await laptop.post("/account/proof", data={"proof_code": "000000", "proof_next": "/account/authenticator"})
        assert wrong.status_code == 422
        right = await laptop.post("/account/proof", data={"proof_code": mailed_code(), "proof_next": "/account/authenticator"})
        assert (right.status_code, right.headers.get("location")) == (303, "/account/authenticator"), right.text
        assert (await laptop.get("/account/authenticator")).status_code == 200


async def test_a_change_that_waits_goes_on_without_being_typed_again(laptop: AsyncClient, alice: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        await sign_in(laptop)
        phone = Passkey()
        options = (await laptop.post("/account/passkeys/options")).json()
        await db.execute("UPDATE customers SET password_hash = {}", passwords.HASHER.hash(PASSWORD))
        clock.shift(timedelta(minutes=4))
        typed = {"name": "My <phone> & “key”", "credential": phone.create(options)}
        await db.execute("UPDATE sessions SET proved_at = {}", START - timedelta(hours=1))
        asked = await laptop.post("/account/passkeys/new", data=typed)
        assert asked.status_code == 403
        fields = hidden(asked.text)
        assert dict(fields)["name"] == typed["name"]
        wrong = await laptop.post("/account/proof", data={**dict(fields), "proof_password": "a guess"})
        assert wrong.status_code == 422
        fields = hidden(wrong.text)
        body = {**dict(fields), "proof_password": PASSWORD}
        on = await laptop.post("/account/proof", data=body)
        assert (on.status_code, on.headers["location"]) == (307, "/account/passkeys/new")
        done = await laptop.post(on.headers["location"], data=body)
        assert done.status_code == 200, done.text
        assert "recovery" in done.text.lower()
        assert [row["name"] for row in await db.rows("SELECT name FROM passkeys")] == [typed["name"]]


async def test_who_has_a_second_factor_shows_that_and_not_the_password(laptop: AsyncClient, alice: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        await sign_in(laptop)
        await laptop.post("/account/password", data={"new_password": PASSWORD})
        (session,) = await db.rows("SELECT id FROM sessions")
        app = pyotp.TOTP(await authenticators.begin(alice, session["id"]))
        assert (await laptop.post("/account/authenticator", data={"code": app.now()})).status_code == 200
        clock.shift(timedelta(hours=1))
        refused = await laptop.post("/account/proof", data={"proof_password": PASSWORD, "proof_next": "/account/security"})
        assert refused.status_code == 422
        right = await laptop.post("/account/proof", data={"proof_authenticator": app.now()})
        assert right.status_code == 303
        (row,) = await db.rows("SELECT factor_at FROM sessions")
        assert row["factor_at"] == START + timedelta(hours=1)


@pytest.mark.parametrize("then", ["https://evil.example/x", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
async def test_a_proof_leads_to_no_other_site(laptop: AsyncClient, alice: int, then: str) -> None:
    await sign_in(laptop)
    await laptop.post("/account/password", data={"new_password": PASSWORD})
    answer = await laptop.post("/account/proof", data={"proof_password": PASSWORD, "proof_then": then, "proof_next": then})
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")


async def test_nobody_takes_away_what_is_not_theirs(laptop: AsyncClient, laptops, alice: int) -> None:
    await sign_in(laptop)
    phone = Passkey()
    options = (await laptop.post("/account/passkeys/options")).json()
    await laptop.post("/account/passkeys/new", data={"name": "Phone", "credential": phone.create(options)})
    (row,) = await db.rows("SELECT id FROM passkeys")
    await builders.customer(BOB, "Bob")
    bobs = laptops()
    await sign_in(bobs, BOB)
    for verb, data in (("removal", {}), ("name", {"name": "Mine"})):
        strange = await bobs.post(f"/account/passkeys/{row['id']}/{verb}", data=data)
        nothing = await bobs.post(f"/account/passkeys/999999/{verb}", data=data)
        assert (strange.status_code, strange.content) == (nothing.status_code, nothing.content)
        assert strange.status_code == 404
    assert [one["name"] for one in await db.rows("SELECT name FROM passkeys")] == ["Phone"]


async def test_what_is_secret_is_kept_by_no_cache(laptop: AsyncClient, alice: int) -> None:
    await sign_in(laptop)
    page = await laptop.get("/account/authenticator")
    assert page.headers["cache-control"] == "no-store"
    key = re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", page.text)
    assert key is not None
    assert "<svg" in page.text
    codes = await laptop.post("/account/authenticator", data={"code": pyotp.TOTP(key[1].replace(" ", "")).now()})
    assert codes.headers["cache-control"] == "no-store"
    shown = re.findall(r"<code>([0-9a-z]{5}-[0-9a-z]{5})</code>", codes.text)
    assert len(shown) == 10
    file = await laptop.post("/account/recovery-codes/file", data={"codes": " ".join([*shown, "<script>"])})
    assert file.text.partition("\n\n")[2].split() == shown
    assert file.headers["content-type"].startswith("text/plain")
    again = json.dumps([(await laptop.get("/account/security")).text])
    assert shown[0] not in again
