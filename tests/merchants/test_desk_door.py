"""The door of a desk: only for who works there, only with a second factor, and only as long as it is used."""

from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import httpx
import pyotp
import pytest
import time_machine

from app import db
from app.accounts import devices, locking
from app.merchants import members
from tests import builders
from tests.accounts.authenticator import Passkey
from tests.accounts.steps import ask_for_code, enter_code, mailed_code
from tests.builders import ALICE, MO, NIA
from tests.merchants.at_desk import DESK, ELSEWHERE, OWNER, STAFF, come_in, hidden, with_app, with_passkey

START = datetime(2026, 11, 21, 8, tzinfo=UTC)
PAGES = (DESK, f"{DESK}/people", f"{DESK}/people/new", f"{DESK}/keys", f"{DESK}/keys/new")


@pytest.fixture(autouse=True)
async def people() -> None:
    await builders.member(OWNER, MO, "owner")
    await builders.member(STAFF, MO)
    await builders.member(ELSEWHERE, NIA, "owner")
    await builders.customer()


def asks(answer: httpx.Response, path: str = DESK) -> bool:
    """Sent to show a second factor, and back from there."""
    where = unquote(answer.headers.get("location", ""))
    return answer.status_code == 303 and where == f"/account/proof?next={path}&factor=yes"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("email", [ALICE, ELSEWHERE])
async def test_a_desk_where_one_does_not_work_is_like_one_that_is_not_there(
    laptop: httpx.AsyncClient, path: str, email: str
) -> None:
    await come_in(laptop, email)
    strange, nothing = await laptop.get(path), await laptop.get(path.replace(MO, "no-such-shop"))
    assert strange.status_code == nothing.status_code == 404
    assert strange.content == nothing.content
    assert strange.headers.raw == nothing.headers.raw


@pytest.mark.parametrize("path", PAGES)
async def test_nothing_of_a_desk_is_kept_by_the_browser(laptop: httpx.AsyncClient, path: str) -> None:
    await come_in(laptop)
    answer = await laptop.get(path)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert "etag" not in answer.headers


async def test_without_a_factor_the_page_says_why_and_leads_to_one_and_back(laptop: httpx.AsyncClient) -> None:
    await come_in(laptop, factor=False)
    answer = await laptop.get(f"{DESK}/people")
    assert answer.status_code == 403
    assert f'href="/account/passkeys/new?next={DESK}/people"' in answer.text
    assert (await laptop.post(f"{DESK}/keys/new", data={"name": "Shop"})).status_code == 403
    assert await db.rows("SELECT id FROM api_keys") == []

    form = await laptop.get(f"/account/passkeys/new?next={DESK}/people")
    assert f'name="next" value="{DESK}/people"' in form.text
    options = (await laptop.post("/account/passkeys/options")).json()
    made = {"credential": Passkey().create(options), "name": "Phone", "next": f"{DESK}/people"}
    codes = await laptop.post("/account/passkeys/new", data=made)
    assert f'href="{DESK}/people"' in codes.text
    assert (await laptop.get(f"{DESK}/people")).status_code == 200, "to add it was to show it"


async def test_the_way_to_a_factor_outlives_a_proof_that_is_asked_for_on_it(laptop: httpx.AsyncClient) -> None:
    await come_in(laptop, factor=False, proved=False)
    asked = await laptop.get(f"/account/authenticator?next={DESK}")
    assert unquote(asked.headers["location"]) == f"/account/proof?next=/account/authenticator?next={DESK}"


async def test_an_app_opens_the_desk_as_well(laptop: httpx.AsyncClient) -> None:
    await come_in(laptop, factor=False)
    page = await laptop.get(f"/account/authenticator?next={DESK}")
    key = page.text.partition('<code translate="no">')[2].partition("</code>")[0].replace(" ", "")
    codes = await laptop.post("/account/authenticator", data={"code": pyotp.TOTP(key).now(), "next": DESK})
    assert f'href="{DESK}"' in codes.text
    assert (await laptop.get(DESK)).status_code == 200


async def test_a_trusted_browser_and_a_mailed_code_open_no_desk(laptop: httpx.AsyncClient) -> None:
    customer = await builders.customer(OWNER)
    app = await with_app(customer)
    laptop.cookies[devices.cookie_name()] = "mine"
    await devices.remember(customer, "mine", "tests", trusted=True)
    await ask_for_code(laptop, OWNER)
    assert (await enter_code(laptop, mailed_code())).headers["location"] == "/orders", "in, without the factor"
    asked = await laptop.get(DESK)
    assert asks(asked)
    page = await laptop.get(asked.headers["location"])
    assert (page.status_code, "proof_authenticator" in page.text, "proof_send" in page.text) == (200, True, False)
    done = await laptop.post("/account/proof", data={**hidden(page.text), "proof_authenticator": app.now()})
    assert (done.status_code, done.headers["location"]) == (303, DESK)
    assert (await laptop.get(DESK)).status_code == 200


async def test_a_factor_opens_a_desk_that_is_used_for_eight_hours(laptop: httpx.AsyncClient) -> None:
    with time_machine.travel(START, tick=False) as clock:
        await come_in(laptop)
        for _ in range(24):
            assert (await laptop.get(DESK)).status_code == 200
            clock.shift(timedelta(minutes=20))
        clock.shift(timedelta(seconds=-1))
        assert (await laptop.get(f"{DESK}/people")).status_code == 200
        clock.shift(timedelta(seconds=2))
        assert asks(await laptop.get(f"{DESK}/people"), f"{DESK}/people")
        assert (await laptop.get("/account")).status_code == 200, "only the desk is shut"


async def test_a_desk_left_alone_for_half_an_hour_is_shut(laptop: httpx.AsyncClient) -> None:
    with time_machine.travel(START, tick=False) as clock:
        await come_in(laptop)
        assert (await laptop.get(DESK)).status_code == 200
        clock.shift(timedelta(minutes=29, seconds=59))
        assert (await laptop.get(DESK)).status_code == 200
        clock.shift(timedelta(minutes=20))
        assert (await laptop.get("/account")).status_code == 200, "what is done elsewhere does not keep it open"
        clock.shift(timedelta(minutes=10))
        assert asks(await laptop.get(DESK))


async def test_another_laptop_in_use_keeps_no_desk_open(laptops) -> None:
    with time_machine.travel(START, tick=False) as clock:
        mine, left = laptops(), laptops()
        await come_in(mine)
        await come_in(left)
        clock.shift(timedelta(minutes=20))
        assert (await mine.get(DESK)).status_code == 200
        clock.shift(timedelta(minutes=11))
        assert (await mine.get(DESK)).status_code == 200
        assert asks(await left.get(DESK))


async def test_reading_hardly_ever_writes_and_costs_one_more_query(
    laptop: httpx.AsyncClient, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(START, tick=False) as clock:
        await come_in(laptop)
        await db.execute("UPDATE sessions SET desk_seen_at = NULL")
        await laptop.get(f"{DESK}/people/new")
        clock.shift(timedelta(minutes=4))
        statements.clear()
        assert (await laptop.get(f"{DESK}/people/new")).status_code == 200
        assert len(statements) == 2
        clock.shift(timedelta(minutes=1))
        statements.clear()
        await laptop.get(f"{DESK}/people/new")
        assert [sql.split()[0] for sql in statements] == ["SELECT", "SELECT", "UPDATE", "UPDATE"]


async def test_whoever_is_removed_finds_no_desk_at_the_next_request(laptop: httpx.AsyncClient) -> None:
    merchant = await builders.merchant()
    await come_in(laptop, STAFF)
    assert (await laptop.get(DESK)).status_code == 200
    await members.remove(merchant, await members.found(merchant, STAFF), by=None)
    assert (await laptop.get(DESK)).status_code == 404
    assert (await laptop.get("/desk")).status_code == 404
    assert "/desk/" not in (await laptop.get("/account")).text


async def test_a_change_that_waits_for_the_passkey_goes_on_without_being_typed_again(laptop: httpx.AsyncClient) -> None:
    with time_machine.travel(START, tick=False) as clock:
        phone = await with_passkey(await builders.customer(OWNER))
        laptop.cookies.update(await builders.session(OWNER, factor=True))
        clock.shift(timedelta(minutes=16))
        assert (await laptop.get(f"{DESK}/keys")).status_code == 200, "looking is free"
        typed = {"name": "Ware“house” & <shop>"}
        asked = await laptop.post(f"{DESK}/keys/new", data=typed)
        assert asked.status_code == 403
        fields = hidden(asked.text)
        assert (fields["name"], fields["proof_then"], fields["proof_factor"]) == (typed["name"], f"{DESK}/keys/new", "yes")
        options = (await laptop.post("/account/proof/options")).json()
        body = {**fields, "proof_passkey": phone.get(options)}
        on = await laptop.post("/account/proof", data=body)
        assert (on.status_code, on.headers["location"]) == (307, f"{DESK}/keys/new")
        done = await laptop.post(on.headers["location"], data=body)
        assert done.status_code == 200, done.text
        assert [row["name"] for row in await db.rows("SELECT name FROM api_keys")] == [typed["name"]]


async def test_a_copied_passkey_opens_no_desk_and_no_mailed_code_stands_in_for_it(laptop: httpx.AsyncClient) -> None:
    await with_passkey(await builders.customer(OWNER))
    laptop.cookies.update(await builders.session(OWNER))
    await db.execute("UPDATE passkeys SET cloned_at = {}", START)
    answer = await laptop.get(DESK)
    assert (answer.status_code, "/account/passkeys/new?next=" in answer.text) == (403, True)


async def test_a_locked_account_finds_no_desk_even_when_its_session_was_forgotten(laptop: httpx.AsyncClient) -> None:
    await come_in(laptop)
    await db.execute("UPDATE customers SET locked_at = {}, locked_by = {}", START, locking.OPERATOR)
    assert (await laptop.get(DESK)).headers["location"].startswith("/sign-in")


async def test_the_way_to_the_desk(laptop: httpx.AsyncClient) -> None:
    await come_in(laptop, OWNER, factor=False)
    one = await laptop.get("/desk")
    assert (one.status_code, one.headers["location"]) == (303, DESK)
    assert "Desk of Atelier Mo" in (await laptop.get("/account")).text
    await builders.merchant(NIA, "Nia <Audio>")
    await members.add(await builders.merchant(NIA), OWNER, "agent", by=None)
    both = await laptop.get("/desk")
    assert both.status_code == 200
    assert f'href="{DESK}"' in both.text
    assert f'href="/desk/{NIA}"' in both.text
    again = await laptop.get("/account", headers={"If-None-Match": (await laptop.get("/account")).headers["etag"]})
    assert again.status_code == 304


async def test_who_works_nowhere_has_no_desk(laptop: httpx.AsyncClient) -> None:
    await come_in(laptop, ALICE)
    assert (await laptop.get("/desk")).status_code == 404
    assert "/desk" not in (await laptop.get("/account")).text
