"""A page is answered 304 only when it is there, for this person, and would be made the same way."""

from pathlib import Path

import msgspec
import pytest
from httpx import AsyncClient

from app.settings import settings
from app.web import caching
from tests import builders


async def etag(browser: AsyncClient) -> str:
    return (await browser.get("/orders")).headers["etag"]


@pytest.mark.parametrize("path", ["/orders", "/orders/spending", "/account", "/account/profile"])
async def test_a_page_that_is_always_there_is_answered_304(alice: AsyncClient, path: str) -> None:
    known = {"If-None-Match": (await alice.get(path)).headers["etag"]}
    answer = await alice.get(path, headers=known)
    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/orders/NOPE", 404), ("/orders/NOPE/summary.pdf", 404), ("/orders/NOPE/invoice.pdf", 404),
        ("/orders/1001/invoice.pdf", 404), ("/orders/B-1", 404), ("/orders/1001/summary.pdf", 200), ("/orders/export.csv", 200),
        ("/orders/export.json", 200), ("/nothing", 404),
    ],
)  # fmt: skip
async def test_an_etag_that_is_known_brings_back_no_page_that_is_not(alice: AsyncClient, path: str, status: int) -> None:
    await builders.order()
    await builders.order("B-1", customer=builders.Person(email=builders.BOB))
    known = {"If-None-Match": await etag(alice)}
    assert (await alice.get(path, headers=known)).status_code == status


async def test_a_program_that_makes_pages_otherwise_has_other_etags(
    alice: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {"If-None-Match": await etag(alice)}
    assert (await alice.get("/orders", headers=known)).status_code == 304
    monkeypatch.setattr(caching, "MADE_BY", "another release")
    assert (await alice.get("/orders", headers=known)).status_code == 200


def test_templates_words_and_program_are_what_pages_are_made_by() -> None:
    names = {path.relative_to(caching.ROOT).as_posix() for path in caching.sources()}
    assert {
        "templates/orders/cards.html",
        "app/locale/fr/LC_MESSAGES/messages.po",
        "app/i18n.py",
        "app/orders/cards.py",
    } <= names


@pytest.mark.parametrize("name", ["templates/a/page.html", "app/money.py", "app/locale/fr/LC_MESSAGES/messages.po"])
def test_another_text_in_any_of_them_is_another_way(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text("one")
    before = caching.made_by(caching.sources(tmp_path), settings)
    assert caching.made_by(caching.sources(tmp_path), settings) == before
    path.write_text("two")
    assert caching.made_by(caching.sources(tmp_path), settings) != before


@pytest.mark.parametrize("change", [{"name": "Chez Mo"}, {"locales": ("fr", "en")}, {"base_url": "https://x.example"}])
def test_another_name_or_language_of_the_shop_is_another_way(change: dict[str, object]) -> None:
    assert caching.made_by([], settings) != caching.made_by([], msgspec.structs.replace(settings, **change))


async def test_an_orders_page_is_not_made_again_but_one_that_is_not_there_is_not_found(alice: AsyncClient) -> None:
    await builders.order()
    first = await alice.get("/orders/1001")
    known = {"If-None-Match": first.headers["etag"]}
    assert (await alice.get("/orders/1001", headers=known)).status_code == 304
    assert (await alice.get("/orders/nothing", headers=known)).status_code == 404
