"""The page for where there is no network belongs to nobody; every other page says whose it is."""

import re

import pytest
from httpx import AsyncClient

from app.accounts.viewer import Viewer
from app.web.flash import Flash
from app.web.worker_script import made
from tests import builders


@pytest.mark.parametrize(("locale", "words"), [("en", "No connection"), ("fr", "Pas de connexion"), ("tlh", "No connection")])
async def test_the_offline_page_is_nobodys_in_each_language(alice: AsyncClient, locale: str, words: str) -> None:
    alice.cookies.set("flash", Flash("Archived.").cookie().value or "")
    answer = await alice.get(f"/offline?locale={locale}")
    assert answer.status_code == 200
    assert "Archived." not in answer.text
    assert "set-cookie" not in answer.headers
    assert words in answer.text
    assert 'data-kept="/inbox"' in answer.text, "conversations are kept, too"
    assert "x-viewer" not in answer.headers
    assert "alice" not in answer.text.lower()
    assert answer.headers["cache-control"] == "no-store"


async def test_all_that_the_worker_fetches_at_its_installation_is_there(client: AsyncClient) -> None:
    found = re.search(rb'"shell":\[(.*?)\]', made())
    assert found
    addresses = re.findall(r'"(.*?)"', found[1].decode())
    assert len(addresses) > 10
    assert {(await client.get(address)).status_code for address in addresses} == {200}


async def test_a_page_says_whose_it_is(alice: AsyncClient, client: AsyncClient) -> None:
    answer = await alice.get("/orders")
    (said,) = re.findall(r'<meta name="viewer" content="(.*?)">', answer.text)
    assert (
        answer.headers["x-viewer"] == said == Viewer(await builders.customer(), "", "", "", "", 1, "", "", False, 1).public_id
    )
    alice.cookies.clear()
    assert "x-viewer" not in (await alice.get("/sign-in")).headers
