"""What every answer carries, and what is never let in."""

from httpx import AsyncClient

from app.web.security import POLICY


async def test_every_answer_has_the_security_headers(client: AsyncClient) -> None:
    for path in ("/sign-in", "/orders", "/nothing", "/up", "/static/nothing.css", "/robots.txt"):
        answer = await client.get(path)
        assert answer.headers["content-security-policy"] == POLICY, path
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["x-frame-options"] == "DENY"


def test_the_policy_lets_in_no_inline_code_and_no_other_host() -> None:
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    assert "require-trusted-types-for 'script'" in POLICY


async def test_head_is_get_without_a_body(client: AsyncClient) -> None:
    got, asked = await client.get("/sign-in"), await client.head("/sign-in")
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["content-type"] == got.headers["content-type"] == "text/html; charset=utf-8"


async def test_static_files_are_kept_for_ever_and_travel_compressed(client: AsyncClient) -> None:
    page = (await client.get("/sign-in")).text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    plain = await client.get(address, headers={"Accept-Encoding": "identity"})
    small = await client.get(address, headers={"Accept-Encoding": "br"})
    assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert small.headers["content-encoding"] == "br"
    assert small.content == plain.content
    assert int(small.headers["content-length"]) < int(plain.headers["content-length"]) / 3


async def test_a_strangers_path_under_static_or_pictures_is_not_found(client: AsyncClient) -> None:
    for path in (
        "/static/../app/settings.py",
        "/static/%2e%2e/secret_key",
        "/pictures/..%2fsecret_key",
        "/pictures/secret_key",
    ):
        assert (await client.get(path)).status_code == 404, path


async def test_errors_are_pages_for_people_and_problems_for_programs(client: AsyncClient) -> None:
    page = await client.get("/nothing")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    problem = await client.get("/api/nothing")
    assert (problem.status_code, problem.headers["content-type"]) == (404, "application/problem+json")
    assert problem.json()["status"] == 404


async def test_a_wrong_method_says_which_are_right(client: AsyncClient) -> None:
    answer = await client.delete("/sign-in")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


async def test_a_forged_flash_says_nothing(client: AsyncClient) -> None:
    client.cookies.set("flash", 'AAAAAAAAAAAAAAAAAAAAAAAA.{"text":"You won"}')
    assert "You won" not in (await client.get("/sign-in")).text


async def test_nowhere_is_said_in_the_readers_words_and_the_person_stays_signed_in(alice: AsyncClient) -> None:
    page = await alice.get("/nothing/at/all", headers={"Accept-Language": "fr"})
    assert (page.status_code, '<html lang="fr"' in page.text) == (404, True)
    assert 'href="/account"' in page.text
    method = await alice.delete("/sign-in", headers={"Accept-Language": "fr"})
    assert (method.status_code, '<html lang="fr"' in method.text) == (405, True)
