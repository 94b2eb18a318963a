import httpx
import pytest

from app import db
from tests import builders
from tests.accounts.steps import sign_in
from tests.builders import ALICE


@pytest.fixture
async def alice() -> int:
    return await builders.customer(ALICE, order_years="2026 2024")


@pytest.fixture
async def alices(laptop: httpx.AsyncClient, alice: int) -> httpx.AsyncClient:
    """A laptop on which Alice is in."""
    await sign_in(laptop)
    return laptop


async def row(customer: int) -> db.Row:
    found = await db.one("SELECT * FROM customers WHERE id = {}", customer)
    assert found is not None
    return found


async def test_the_language_is_chosen_by_account_then_cookie_then_browser(laptops):
    await builders.customer(ALICE, locale="fr")
    laptop = laptops()
    assert '<html lang="fr">' in (await laptop.get("/sign-in", headers={"accept-language": "de, fr-CH;q=0.8"})).text
    answer = await laptop.post("/locale", data={"locale": "en", "back": "/sign-in?next=/orders/1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/orders/1")
    assert '<html lang="en">' in (await laptop.get("/sign-in", headers={"accept-language": "fr"})).text
    await sign_in(laptop)
    assert '<html lang="fr">' in (await laptop.get("/account")).text


async def test_the_language_switch_changes_the_account_too(alices, alice):
    answer = await alices.post("/locale", data={"locale": "fr", "back": "/account"})
    assert answer.headers["location"] == "/account"
    after = await row(alice)
    assert (after["locale"], after["revision"]) == ("fr", 2)
    assert '<html lang="fr">' in (await alices.get("/account")).text


@pytest.mark.parametrize("locale", ["", "de", "xx", "fr\r\nX: y", "../fr", "\x00"])
async def test_a_language_we_do_not_speak_changes_nothing(alices, alice, locale):
    before = await row(alice)
    answer = await alices.post("/locale", data={"locale": locale, "back": "/account"})
    assert answer.status_code == 303
    assert "set-cookie" not in answer.headers
    assert await row(alice) == before
