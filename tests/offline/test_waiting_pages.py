"""The list of what waits: the page has words for every change that may wait, in each language, and for nobody in particular."""

import re

import msgspec
import pytest
from httpx import AsyncClient

from app.i18n import Voice
from app.offline import change_words
from app.routes import OFFLINE_TOO
from tests import builders
from tests.offline.steps import ARCHIVING

# What an address may look like, by the patterns that the worker is told.
EXAMPLES = {"[^/]+": "A-1", "[0-9]+": "7"}


async def queued(client: AsyncClient) -> list[str]:
    script = (await client.get("/service-worker.js")).text
    found = re.search(r"const COUNTER = (\{.*\});\n", script)
    assert found
    patterns: list[str] = msgspec.json.decode(found[1])["queued"]
    return patterns


async def test_the_worker_is_told_of_the_changes_of_one_router_and_of_no_others(client: AsyncClient) -> None:
    patterns = await queued(client)
    posts = [route for route in OFFLINE_TOO.routes if "POST" in getattr(route, "methods", ())]
    assert len(patterns) == len(posts) == 9
    for path, kept in (
        (ARCHIVING, True),
        ("/notifications/7/reading", True),
        ("/orders/A-1/returns", True),
        ("/orders/A-1/returns/new", False),
        ("/inbox/T-7K3F9QXM/messages", True),
        ("/inbox/threads/archived", False),
        ("/sign-out", False),
        ("/account/password", False),
    ):
        assert any(re.fullmatch(pattern, path) for pattern in patterns) is kept, path


@pytest.mark.parametrize("locale", ["en", "fr"])
async def test_there_are_words_for_every_change_that_may_wait(client: AsyncClient, locale: str) -> None:
    known = change_words.changes(Voice(locale))
    for pattern in await queued(client):
        path = pattern
        for part, example in EXAMPLES.items():
            path = path.replace(part, example)
        assert any(re.fullmatch(one.path, path) for one in known), pattern


async def test_kept_on_the_device_it_is_nobodys_and_in_the_language_that_was_asked_for(alice: AsyncClient) -> None:
    await builders.order()
    page = await alice.get("/offline/waiting?locale=fr&release=1")
    assert ("En attente d’envoi" in page.text, 'name="viewer" content=""' in page.text) == (True, True)
    assert "Alice" not in page.text
    own = await alice.get("/offline/waiting")
    assert ("Alice" in own.text, own.headers["cache-control"]) == (True, "no-store")
