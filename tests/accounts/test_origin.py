"""Is this mail from us: a code says yes, a strange link says no, and nobody tries all codes."""

import re

import pytest
from httpx import AsyncClient

from tests.accounts.steps import ask_for_code, mails, text_of

PAGE = "/is-this-from-us"


async def a_mail(laptop: AsyncClient) -> str:
    await ask_for_code(laptop)
    return text_of(mails()[-1])


async def answer(laptop: AsyncClient, text: str) -> str:
    page = await laptop.post(PAGE, data={"text": text})
    assert page.status_code == 200
    found = re.search(r'<div role="status"><div class="notice (\w+)">.*?<p>(.*?)</p>', page.text, re.S)
    assert found is not None, page.text
    return f"{found[1]}: {found[2]}"


async def test_our_mail_is_known_by_its_code_or_as_a_whole(laptop: AsyncClient) -> None:
    mail = await a_mail(laptop)
    code = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", mail)
    assert code is not None
    assert (await laptop.get(PAGE)).status_code == 200
    for text in (code[0], code[0].replace("-", "").lower(), f"  {code[0]} ", mail):
        assert (await answer(laptop, text)).startswith("good: Yes, we sent it on"), text


@pytest.mark.parametrize("text", ["K7QM-2XRD", "hello", "0000-0000", "' OR 1=1 --", "<script>", "\x00", "x" * 30_000])
async def test_what_we_did_not_send_is_not_ours(laptop: AsyncClient, text: str) -> None:
    assert (await answer(laptop, text)).startswith("bad: No")


@pytest.mark.parametrize(
    "link", ["https://comptoir.evil.example/sign-in", "http://localhost:8000@evil.example/", "www.evil.example", "https://[::1"]
)
async def test_a_link_that_leads_elsewhere_is_said_whatever_code_is_there(laptop: AsyncClient, link: str) -> None:
    mail = await a_mail(laptop)
    assert "does not lead to us" in await answer(laptop, f"{mail}\nLook here: {link}")


async def test_who_tries_many_codes_has_to_wait(laptop: AsyncClient) -> None:
    statuses = [(await laptop.post(PAGE, data={"text": "K7QM-2XRD"})).status_code for _ in range(31)]
    assert statuses == [200] * 30 + [429]
