"""What every answer carries, and what is never let in."""

from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from httpx import AsyncClient
from litestar.types import ASGIApp

from app.tokens import sign
from app.web import flash
from app.web.security import POLICY
from tests import builders


async def test_every_answer_has_the_security_headers(client: AsyncClient) -> None:
    for path in ("/sign-in", "/orders", "/nothing", "/up", "/static/nothing.css", "/robots.txt"):
        answer = await client.get(path)
        assert answer.headers["content-security-policy"] == POLICY, path
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.without_database
def test_the_policy_lets_in_no_inline_code_and_no_other_host() -> None:
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    assert "require-trusted-types-for 'script'" in POLICY


@pytest.mark.without_database
async def test_head_is_get_without_a_body(client: AsyncClient) -> None:
    got, asked = await client.get("/sign-in"), await client.head("/sign-in")
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["content-type"] == got.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.without_database
async def test_the_servers_own_scope_stays_as_it_is(application: ASGIApp) -> None:
    """It holds the body back after HEAD by itself, and counts what it was promised."""
    scope: Any = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "HEAD", "scheme": "http",
        "path": "/robots.txt", "raw_path": b"/robots.txt", "query_string": b"", "root_path": "", "headers": [],
        "client": None, "server": ("localhost", 80),
    }  # fmt: skip
    told: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        told.append(message)

    await application(scope, receive, send)
    assert (scope["method"], told[0]["status"], told[1]["body"]) == ("HEAD", 200, b"")


@pytest.mark.without_database
@pytest.mark.parametrize(
    "headers",
    [{"Origin": origin} for origin in ("http://[", "http://evil.example", "null", "http://[::1", "é")]
    + [{"Sec-Fetch-Site": site} for site in ("cross-site", "same-site", "")],
)  # fmt: skip
async def test_a_change_from_another_site_is_refused_in_the_readers_words(client: AsyncClient, headers: dict[str, str]) -> None:
    sent = {name: value.encode() for name, value in headers.items()}
    page = await client.post("/sign-in", data={"email": builders.ALICE}, headers={**sent, "Accept-Language": b"fr"})
    assert (page.status_code, page.headers["content-type"]) == (403, "text/html; charset=utf-8")
    assert '<html lang="fr"' in page.text
    assert page.headers["content-security-policy"] == POLICY
    assert "set-cookie" not in page.headers
    problem = await client.put("/api/v1/orders/1", content=b"{}", headers=sent)
    assert (problem.status_code, problem.headers["content-type"]) == (403, "application/problem+json")
    assert problem.json()["detail"] == "This was sent from another site"


@pytest.mark.without_database
async def test_static_files_are_kept_for_ever_and_travel_compressed(client: AsyncClient) -> None:
    page = (await client.get("/sign-in")).text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    plain = await client.get(address, headers={"Accept-Encoding": "identity"})
    small = await client.get(address, headers={"Accept-Encoding": "br"})
    assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert small.headers["content-encoding"] == "br"
    assert small.content == plain.content
    assert int(small.headers["content-length"]) < int(plain.headers["content-length"]) / 3


@pytest.mark.without_database
async def test_a_strangers_path_under_static_or_pictures_is_not_found(client: AsyncClient) -> None:
    for path in (
        "/static/../app/settings.py",
        "/static/%2e%2e/secret_key",
        "/pictures/..%2fsecret_key",
        "/pictures/secret_key",
    ):
        assert (await client.get(path)).status_code == 404, path


@pytest.mark.without_database
async def test_errors_are_pages_for_people_and_problems_for_programs(client: AsyncClient) -> None:
    page = await client.get("/nothing")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    problem = await client.get("/api/nothing")
    assert (problem.status_code, problem.headers["content-type"]) == (404, "application/problem+json")
    assert problem.json()["status"] == 404


@pytest.mark.without_database
async def test_a_wrong_method_says_which_are_right(client: AsyncClient) -> None:
    answer = await client.delete("/sign-in")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


@pytest.mark.without_database
async def test_a_forged_flash_says_nothing(client: AsyncClient) -> None:
    client.cookies.set("flash", 'AAAAAAAAAAAAAAAAAAAAAAAA.{"text":"You won"}')
    assert "You won" not in (await client.get("/sign-in")).text


@pytest.mark.without_database
@pytest.mark.parametrize("cookie", ["%C3%A9.x", "é.x", ".", "x", "%00.%00", "%ED%A0%80.x"])
async def test_a_cookie_that_nobody_signed_breaks_no_page(client: AsyncClient, cookie: str) -> None:
    for name in ("flash", "code-asked"):
        headers = {"Cookie": f"{name}={cookie}".encode()}
        assert (await client.get("/sign-in", headers=headers)).status_code == 200
        assert (await client.get("/sign-in/code", headers=headers)).status_code == 303


@pytest.mark.without_database
@pytest.mark.parametrize("text", ['{"words":"Archived"}', '{"text":5}', "[]", "{", "Archived"])
async def test_a_signed_cookie_of_an_older_release_says_nothing(client: AsyncClient, text: str) -> None:
    for name in ("flash", "code-asked"):
        client.cookies.set(name, quote(sign(text, name)))
    assert (await client.get("/sign-in")).status_code == 200
    assert (await client.get("/sign-in/code")).status_code == 303


def flash_cookie(text: str) -> str:
    return quote(sign(msgspec.json.encode(flash.Flash(text)).decode(), flash.COOKIE))


@pytest.mark.parametrize("kind", ["full", "partial"])
async def test_a_flash_is_said_once(alice: AsyncClient, kind: str) -> None:
    alice.cookies.set("flash", flash_cookie("All is well"), domain="counter.example")
    said = [(await alice.get("/orders", headers={"HX-Request": "true", "HX-Request-Type": kind})).text for _ in range(2)]
    assert ["All is well" in text for text in said] == [True, False]


async def test_a_flash_waits_while_an_error_is_said_in_its_place(alice: AsyncClient) -> None:
    alice.cookies.set("flash", flash_cookie("All is well"), domain="counter.example")
    part = await alice.get("/orders/NOPE", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert (part.status_code, "All is well" in part.text) == (404, False)
    assert "All is well" in (await alice.get("/orders")).text


async def test_nowhere_is_said_in_the_readers_words_and_the_person_stays_signed_in(alice: AsyncClient) -> None:
    page = await alice.get("/nothing/at/all", headers={"Accept-Language": "fr"})
    assert (page.status_code, '<html lang="fr"' in page.text) == (404, True)
    assert 'href="/account"' in page.text
    method = await alice.delete("/sign-in", headers={"Accept-Language": "fr"})
    assert (method.status_code, '<html lang="fr"' in method.text) == (405, True)
