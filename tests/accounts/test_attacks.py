"""What somebody who means harm tries at the door, over the whole application, and gets nowhere with."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from httpx import AsyncClient, Response

from app import db
from app.accounts import alarms, passwords, second_factors, sign_ins
from app.mail import letters
from tests import builders
from tests.access_world import DECLARED, World, alarm_of
from tests.accounts.conftest import Laptops
from tests.accounts.factor_steps import FACTOR, half_in, with_app
from tests.accounts.steps import (
    ELSEWHERE,
    PASSWORD,
    ask_for_code,
    enter_code,
    enter_password,
    is_in,
    mailed_code,
    mails,
    sign_in,
    text_of,
)
from tests.builders import ALICE, BOB

# Called by mail programs, it does what its signed address says and looks at no cookie: notifications/test_unsubscribing.py.
ONE_CLICK = "/unsubscribe/{token}"
CHANGES = [(method, path) for method, path, _access in DECLARED if method not in ("GET", "HEAD") and path != ONE_CLICK]
# As a browser sends them; a sibling is another subdomain of the same site, which SameSite cookies do not keep out.
FROM_ELSEWHERE: list[dict[str, str]] = [
    {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
    {"sec-fetch-site": "same-site", "origin": "http://blog.localhost:8000"},
    {"sec-fetch-site": "same-site"},
    {"origin": "http://blog.localhost:8000"},
    {"origin": "http://localhost:8001"},
    {"origin": "http://localhost:8000.evil.example"},
    {"origin": "http://evil.example/localhost:8000"},
    {"origin": "null"},
]


@pytest.fixture
async def alice() -> int:
    return await builders.customer(ALICE)


@pytest.mark.parametrize(("method", "path"), CHANGES)
async def test_no_change_is_made_from_another_site_or_a_sibling(world: World, method: str, path: str) -> None:
    target = path.format(**await world.named(path))
    await world.become("owner")
    for headers in FROM_ELSEWHERE:
        answer = await world.browser.request(method, target, data=world.form(method), headers=headers)
        assert answer.status_code == 403, headers
        assert "set-cookie" not in answer.headers, headers
        assert "proof_then" not in answer.text, f"it was heard: {headers}"


@pytest.mark.parametrize("path", sorted({path for method, path, _access in DECLARED if method == "GET"}))
async def test_no_answer_can_be_put_into_somebody_elses_frame(world: World, path: str) -> None:
    answer = await world.ask("GET", path, "owner")
    policy = answer.headers["content-security-policy"]
    assert answer.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in policy or "sandbox" in policy, path
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("place", ELSEWHERE)
async def test_no_step_of_a_sign_in_leads_elsewhere(laptop: AsyncClient, alice: int, place: str) -> None:
    _app, codes = await with_app(alice)
    await ask_for_code(laptop, next=place)
    half = await enter_code(laptop, mailed_code(), next=place)
    assert half.headers["location"] == FACTOR
    page = await laptop.get(f"{FACTOR}?next={quote(place)}")
    assert "evil" not in page.text
    done = await laptop.post(FACTOR, data={"code": codes[0], "next": place})
    assert done.headers["location"] == "/orders"
    for field in ("next", "then"):
        proof = await laptop.post("/account/proof", data={f"proof_{field}": place, "proof_authenticator": "1"})
        assert "evil" not in proof.text, (field, proof.text)
    assert (await laptop.get(f"/account/proof?next={quote(place)}")).headers["location"] == "/account"


@pytest.mark.parametrize("host", ["evil.example", "localhost:8000@evil.example", "evil.example:8000"])
async def test_no_host_that_the_asker_names_gets_into_a_mail_or_an_address(laptop: AsyncClient, alice: int, host: str) -> None:
    named = {"Host": host, "X-Forwarded-Host": host, "Forwarded": f"host={host}", "X-Original-Host": host}
    answers: list[Response] = [
        await laptop.post("/sign-in", data={"email": ALICE}, headers=named),
        await laptop.get("/orders", headers=named),
        await laptop.get("/", headers=named),
    ]
    await sign_in(laptop)
    answers.append(await laptop.post("/account/proof", data={"proof_send": "yes"}, headers=named))
    await alarms.raise_alarm(alice, "password_set")
    await letters.post()
    assert len(mails()) >= 3
    for mail in mails():
        assert "evil" not in mail.as_string()
        for link in re.findall(r"https?://[^/\s\"<]+", text_of(mail)):
            assert link == "http://localhost:8000"
    for answer in answers:
        assert "evil" not in answer.headers.get("location", "")
        assert "evil" not in answer.text


HOSTILE = ["a\r\nBcc: eve@evil.example", "a\nSet-Cookie: session=eve", "a%0d%0aX-Evil: 1", "a\u2028X-Evil: 1", "a\x00b"]


@pytest.mark.parametrize("text", HOSTILE)
async def test_nothing_that_is_typed_becomes_a_header(laptop: AsyncClient, alice: int, text: str) -> None:
    answers = [
        await laptop.post("/sign-in", data={"email": f"{text}@example.com", "next": f"/{text}"}),
        await laptop.get("/sign-in", params={"next": f"/orders?{text}"}),
        await laptop.post("/locale", data={"locale": "fr", "back": f"/orders?{text}"}),
        await laptop.post("/locale", data={"locale": text, "back": "/"}),
    ]
    await sign_in(laptop)
    answers += [
        await laptop.post("/account/profile", data={"name": text, "locale": "en"}),
        await laptop.get("/orders/export.csv", params={"year": text}),
        await laptop.get(f"/account/proof?next={quote(text)}"),
    ]
    for answer in answers:
        assert answer.status_code < 500
        for name, value in answer.headers.multi_items():
            assert name.lower() not in ("bcc", "x-evil"), value
            assert "session=eve" not in value
            assert not re.search(r"[\r\n\0]", value)
    assert all(mail["Bcc"] is None for mail in mails())


async def test_half_a_sign_in_that_was_planted_signs_nobody_in_as_somebody_else(laptop: AsyncClient, alice: int) -> None:
    """Eve plants her own half in Alice's browser, who must not end up in Eve's account, nor Eve in hers."""
    eve = await builders.customer("eve@example.com", "Eve")
    laptop.cookies[sign_ins.cookie_name()] = await sign_ins.begin(eve, "code", "")
    answer = await sign_in(laptop)
    assert re.search(r'sign-in=""; .*Max-Age=0', str(answer.headers.get_list("set-cookie"))), "the planted one is taken away"
    assert "alice@example.com" in (await laptop.get("/account")).text


async def test_what_half_a_sign_in_held_is_worth_nothing_when_it_is_whole(laptop: AsyncClient, alice: int) -> None:
    _app, codes = await with_app(alice)
    await half_in(laptop)
    token = laptop.cookies[sign_ins.cookie_name()]
    await laptop.post(FACTOR, data={"code": codes[0]})
    assert await is_in(laptop)
    laptop.cookies.clear()
    for cookie in (sign_ins.cookie_name(), "session"):
        laptop.cookies[cookie] = token
        assert (await laptop.post(FACTOR, data={"code": codes[1]})).headers["location"] == "/sign-in"
        assert not await is_in(laptop)


async def test_a_session_in_an_address_or_a_form_signs_nobody_in(laptop: AsyncClient, alice: int) -> None:
    token = (await builders.session())["session"]
    assert (await laptop.get(f"/orders?session={token}")).headers["location"].startswith("/sign-in")
    assert (await laptop.get(f"/orders;session={token}")).status_code == 404
    await laptop.post("/sign-in", data={"email": BOB, "session": token})
    assert not await is_in(laptop)
    assert len(await db.rows("SELECT id FROM sessions")) == 1


async def test_a_planted_or_noted_browser_token_is_worth_nothing_after_a_sign_in(laptops: Laptops, alice: int) -> None:
    """Eve has used the computer before: what she noted must not make her own one trusted when Alice trusts this one."""
    await builders.customer("eve@example.com", "Eve")
    shared, eves = laptops(), laptops("198.51.100.9")
    await sign_in(shared, "eve@example.com")
    noted = shared.cookies["device"]
    await shared.post("/sign-out")
    _app, codes = await with_app(alice)
    await half_in(shared)
    await shared.post(FACTOR, data={"code": codes[0], "trust": "yes"})
    assert shared.cookies["device"] != noted
    eves.cookies.set("device", noted, domain="localhost.local")
    await half_in(eves)
    assert not await is_in(eves), "the second factor is still asked for"
    await shared.post("/sign-out")
    await sign_in(shared)
    assert await is_in(shared), "Alice's own is still trusted"


async def test_a_browser_that_two_people_share_stays_known_to_both(laptop: AsyncClient, alice: int) -> None:
    await builders.customer(BOB, "Bob")
    for _ in range(2):
        for email in (ALICE, BOB):
            await sign_in(laptop, email)
            await laptop.post("/sign-out")
    assert len(await db.rows("SELECT id FROM devices")) == 2
    assert {row["kind"] for row in await db.rows("SELECT kind FROM letters")} == {"sign_in_code"}, "nobody was alarmed"


@pytest.mark.parametrize("meanwhile", ["another password", "this wasn't me", "a second factor"])
async def test_what_changes_while_a_password_is_looked_at_counts(
    laptop: AsyncClient, alice: int, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    """The hash takes its time; whoever knew the old password must not slip in at its end."""
    await db.execute("UPDATE customers SET password_hash = {}", passwords.HASHER.hash(PASSWORD))
    looked = passwords.matches

    async def slow(kept: str, password: str) -> bool:
        right = await looked(kept, password)
        match meanwhile:
            case "another password":
                await db.execute("UPDATE customers SET password_hash = {}", passwords.HASHER.hash("another one of hers"))
            case "this wasn't me":
                await alarms.not_me(alarm_of(alice))
            case "a second factor":
                await db.execute("UPDATE customers SET second_factor = {}", True)
        return right

    monkeypatch.setattr(passwords, "matches", slow)
    answer = await enter_password(laptop)
    assert answer.status_code == 409
    assert not await is_in(laptop)
    assert await db.rows("SELECT id FROM sessions") == []
    assert await db.rows("SELECT id FROM sign_ins") == []


async def test_what_is_locked_while_a_second_factor_is_looked_at_stays_shut(
    laptop: AsyncClient, alice: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _app, codes = await with_app(alice)
    await half_in(laptop)
    shown = second_factors.show

    async def slow(*args: Any, **about: Any) -> str:
        kind = await shown(*args, **about)
        await alarms.not_me(alarm_of(alice))
        return kind

    monkeypatch.setattr(second_factors, "show", slow)
    answer = await laptop.post(FACTOR, data={"code": codes[0]})
    assert answer.headers["location"] == "/sign-in"
    assert not await is_in(laptop)
    assert (await db.rows("SELECT locked_at FROM customers"))[0]["locked_at"] is not None
