"""Other people's addresses: what is called, and what is not, however it is written."""

import msgspec
import pytest
from aiohttp.abc import ResolveResult
from pytest_httpserver import HTTPServer

from app import outgoing
from app.settings import settings

pytestmark = pytest.mark.without_database

NOT_CALLED = (
    "http://shop.example/", "ftp://shop.example/", "https://", "shop.example/hook", "https://user:word@shop.example/",
    "https://shop.example:22/", "https://127.0.0.1/", "https://10.1.2.3/", "https://[::1]/", "https://[::ffff:10.0.0.1]/",
    "https://[64:ff9b::a00:1]/", "https://[2002:a00:1::]/", "https://169.254.169.254/latest", "https://0.0.0.0/",
    "https://[fe80::1%25eth0]/", "https://100.64.0.1/", "https://2130706433/", "https://0x7f000001/", "https://017700000001/",
    "https://127.0.0.①/", "https://127.0.0。1/", "https://169.254.169.②⑤④/", "https://１0.0.0.1/", "https://①27.0.0.1/",
    "https://127.0.0.1./", "https://127.0.0.%31/", "https://[fec0::1]/", "https://[64:ff9b:1::a00:1]/", "https://[::7f00:1]/",
    "https://[::ffff:0:a00:1]/", "https://localhost/", "https://printer/", "https://[::/", "https://shop.example:99999/", "https://224.0.0.1/",
)  # fmt: skip


@pytest.fixture
def not_local(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "settings", msgspec.structs.replace(settings, base_url="https://counter.example"))


@pytest.mark.parametrize("url", NOT_CALLED)
def test_what_is_not_public_https_is_not_called(url: str, not_local: None) -> None:
    assert outgoing.fault(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/hook?x=1",
        "https://shop.example:8443/",
        "https://xn--bcher-kva.example/",
        "https://8.8.8.8/",
        "https://[2606:4700::1111]/",
    ],
)
def test_what_is_public_is_called(url: str, not_local: None) -> None:
    assert outgoing.fault(url) == ""


async def test_a_name_that_leads_to_a_private_address_is_not_called(not_local: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when it led to a public one a moment ago: the connection goes to the addresses that were looked at."""

    async def rebound(_self: object, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 0, "flags": 0}]

    monkeypatch.setattr(outgoing.ThreadedResolver, "resolve", rebound)
    async with outgoing.session() as session:
        with pytest.raises(outgoing.NoAnswer, match="no public address"):
            await outgoing.post(session, "https://rebound.example/", b"", {})


async def test_a_redirect_is_an_answer_and_not_followed(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/from").respond_with_data("", status=307, headers={"Location": httpserver.url_for("/to")})
    httpserver.expect_request("/to").respond_with_data("inside")
    async with outgoing.session() as session:
        answer = await outgoing.post(session, httpserver.url_for("/from"), b"x", {})
    assert answer.status == 307
    assert [request.path for request, _answer in httpserver.log] == ["/from"]


async def test_of_a_long_answer_only_the_beginning_is_read(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data("x" * 5_000_000, headers={"Retry-After": "Fri, 31 Dec 2027 23:59:59 GMT"})
    async with outgoing.session() as session:
        answer = await outgoing.post(session, httpserver.url_for("/"), b"", {})
    assert (len(answer.text), answer.retry_after) == (outgoing.MOST_READ, 0)


async def test_nobody_there_is_told_as_that() -> None:
    async with outgoing.session() as session:
        with pytest.raises(outgoing.NoAnswer, match=r"localhost|refused|connect"):
            await outgoing.post(session, "http://localhost:9/", b"", {})


async def test_an_operators_own_server_is_asked_where_it_is_and_no_further(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/long").respond_with_data("x" * 2_000)
    httpserver.expect_request("/away").respond_with_data("", status=302, headers={"Location": "http://127.0.0.1:1/"})
    async with outgoing.own_session(20) as session:

        async def ask(path: str) -> tuple[int, bytes]:
            return await outgoing.ask(session, "GET", httpserver.url_for(path), {}, most=1_000)

        assert (await ask("/away"))[0] == 302
        with pytest.raises(outgoing.NoAnswer, match="longer than 1000 bytes"):
            await ask("/long")
    assert [request.path for request, _answer in httpserver.log] == ["/away", "/long"]
