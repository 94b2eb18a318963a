"""A merchant's API keys at its desk: made by owners, shown once, told to all of them, revoked at once."""

import asyncio
import contextvars
import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine

from app import db
from app.asgi import CHORES
from app.errors import Missing, Refused
from app.merchants import actions, guard
from tests import builders
from tests.accounts.steps import mails, text_of
from tests.builders import BOB, MO, NIA
from tests.merchants.at_desk import DESK, OWNER, STAFF, come_in, events, viewer
from tests.merchants.counter import ask

KEYS = f"{DESK}/keys"
START = datetime(2026, 11, 21, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def people() -> None:
    await builders.member(OWNER, MO, "owner")
    await builders.member("second@example.com", MO, "owner")
    await builders.member(STAFF, MO)


async def made(laptop: httpx.AsyncClient, name: str = "Warehouse") -> str:
    answer = await laptop.post(f"{KEYS}/new", data={"name": name})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store"), answer.text
    found = re.search(r'<code id="key"[^>]*>(ck_[\w-]{40,})</code>', answer.text)
    assert found
    return found[1]


async def number() -> int:
    (row,) = await db.rows("SELECT id FROM api_keys ORDER BY id DESC LIMIT 1")
    return int(row["id"])


async def opens(laptop: httpx.AsyncClient, key: str) -> bool:
    answer = await laptop.get("/api/v1/orders/none", headers={"Authorization": f"Bearer {key}"})
    return answer.status_code == 404


async def test_a_key_is_shown_once_and_opens_the_api(laptop: httpx.AsyncClient) -> None:
    await come_in(laptop)
    key = await made(laptop)
    assert await opens(laptop, key)
    await guard.write_uses()
    page = await laptop.get(KEYS)
    assert (key in page.text, key[:10] in page.text, "Warehouse" in page.text) == (False, True, True)
    assert "last used on" in page.text


async def test_all_owners_are_told_of_a_key_and_it_is_recorded(laptop: httpx.AsyncClient) -> None:
    await come_in(laptop)
    key = await made(laptop, "Ware <house>")
    told = [mail for mail in mails() if "API key" in mail["Subject"]]
    assert sorted(mail["To"] for mail in told) == [OWNER, "second@example.com"]
    text = text_of(told[0])
    assert told[0]["Subject"] == "A new API key was made at Atelier Mo."
    assert (f"Ware <house> ({key[:10]}…)" in text, "By mo@example.com" in text, key in text) == (True, True, False)
    assert "http://localhost:8000/desk/atelier-mo/keys\n" in text
    (event,) = await events("api_key_made")
    assert (event["merchant"], event["name"], event["prefix"]) == (await builders.merchant(), "Ware <house>", key[:10])
    assert key not in str(event)


async def test_a_revoked_key_is_refused_at_once_and_stays_in_the_list(laptop: httpx.AsyncClient) -> None:
    await come_in(laptop)
    key = await made(laptop)
    assert (await laptop.post(f"{KEYS}/{await number()}/revocation")).headers["location"] == KEYS
    assert not await opens(laptop, key)
    assert "revoked on" in (await laptop.get(KEYS)).text
    assert (await laptop.post(f"{KEYS}/{await number()}/revocation")).status_code == 404
    assert len(await events("api_key_revoked")) == 1
    assert len([mail for mail in mails() if "was revoked" in mail["Subject"]]) == 2


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "line\x00break", "a\u202eb"])
async def test_a_name_that_cannot_be_kept_is_refused_at_its_field(laptop: httpx.AsyncClient, name: str) -> None:
    await come_in(laptop)
    answer = await laptop.post(f"{KEYS}/new", data={"name": name})
    assert (answer.status_code, 'id="name-error"' in answer.text) == (422, True)
    assert await db.rows("SELECT id FROM api_keys") == []


async def test_staff_see_the_keys_and_make_none(laptop: httpx.AsyncClient) -> None:
    key = await actions.make_key(MO, "Warehouse")
    await come_in(laptop, STAFF)
    page = (await laptop.get(KEYS)).text
    assert (key[:10] in page, "/revocation" in page, "/keys/new" in page) == (True, False, False)
    for method, path in (("GET", "new"), ("POST", "new"), ("POST", f"{await number()}/revocation")):
        answer = await laptop.request(method, f"{KEYS}/{path}", data={"name": "Mine"})
        assert (answer.status_code, "Only owners can do that" in answer.text) == (403, True)
    assert await opens(laptop, key)
    assert len(await db.rows("SELECT id FROM api_keys")) == 1
    by = viewer(await builders.customer(STAFF), STAFF)
    with pytest.raises(Refused):
        await actions.make_key(MO, "Mine", by=by)
    with pytest.raises(Refused):
        await actions.revoke_key_of(await builders.merchant(), await number(), by=by)
    assert await opens(laptop, key), "a refusal takes the change back"


async def test_another_merchants_key_is_nobodys_here(laptop: httpx.AsyncClient) -> None:
    await builders.merchant(NIA, "Nia Audio")
    key = await actions.make_key(NIA, "Theirs")
    await come_in(laptop)
    strange, nothing = [await laptop.post(f"{KEYS}/{n}/revocation") for n in (await number(), 999_999)]
    assert (strange.status_code, strange.content) == (nothing.status_code, nothing.content)
    assert strange.status_code == 404
    assert await opens(laptop, key)
    assert key[:10] not in (await laptop.get(KEYS)).text
    with pytest.raises(Missing):
        await actions.make_key(NIA, "Mine", by=viewer(await builders.customer(BOB), BOB))


async def test_a_key_wants_a_factor_of_the_last_quarter_of_an_hour(laptop: httpx.AsyncClient) -> None:
    with time_machine.travel(START, tick=False) as clock:
        await come_in(laptop)
        clock.shift(timedelta(minutes=15))
        assert (await laptop.get(KEYS)).status_code == 200
        assert (await laptop.get(f"{KEYS}/new")).headers["location"].startswith("/account/proof?")
        assert (await laptop.post(f"{KEYS}/new", data={"name": "Shop"})).status_code == 403
        assert await db.rows("SELECT id FROM api_keys") == []


async def test_the_use_of_a_key_is_written_once_an_hour() -> None:
    await builders.merchant()
    key = await actions.make_key(MO, "Warehouse")
    with time_machine.travel(START, tick=False) as clock:
        for minutes, used in ((0, START), (59, START), (1, START + timedelta(hours=1))):
            clock.shift(timedelta(minutes=minutes))
            await ask(f"Bearer {key}")
            await guard.write_uses()
            assert (await db.rows("SELECT used_at FROM api_keys"))[0]["used_at"] == used


async def test_to_be_let_in_writes_nothing_and_waits_for_nobody() -> None:
    """An import that holds the only writer of SQLite must not keep programs that read from reading."""
    await builders.merchant()
    key = await actions.make_key(MO, "Warehouse")
    async with db.transaction():
        await db.execute("UPDATE merchants SET name = name")
        reading = contextvars.Context().run(asyncio.ensure_future, ask(f"Bearer {key}"))
        assert (await asyncio.wait_for(reading, 5)).status_code == 404
    assert guard.write_uses in CHORES
