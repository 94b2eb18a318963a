"""“Withdraw from contract here” is where there is something to withdraw from, and nowhere else."""

import pytest
from httpx import AsyncClient
from msgspec.structs import replace

from app.returns import asking, deciding, door, rules, sellers, withdrawals
from app.returns.rule_book import Rules
from app.settings import settings
from app.web import offers
from tests import builders
from tests.builders import ALICE, MO, NIA
from tests.returns import bought

FOOT = 'href="/withdrawal">'
PAGES = ("/", "/nothing/here", "/sign-in")


async def _foots(client: AsyncClient) -> set[bool]:
    return {FOOT in (await client.get(path, headers={"Accept": "text/html"}, follow_redirects=True)).text for path in PAGES}


def _operator_says(monkeypatch: pytest.MonkeyPatch, whom: str) -> None:
    for module in ("app.returns.sellers", "app.web.offers"):
        monkeypatch.setattr(f"{module}.settings", replace(settings, withdrawal=whom))


@pytest.mark.parametrize(
    ("operator", "shop", "there"),
    [
        ("eu", "", True),
        ("on", "off", False),
        ("eu", "off", False),
        ("off", "", False),
        ("off", "on", True),
        ("off", "eu", True),
    ],
)
async def test_the_foot_of_every_page_has_it_where_a_shop_offers_it(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch, operator: str, shop: str, there: bool
) -> None:
    _operator_says(monkeypatch, operator)
    merchant = await builders.merchant()
    if shop:
        await rules.save(merchant, Rules(withdrawal=shop), by=None)  # type: ignore[arg-type]
    assert await _foots(client) == {operator != "off"}, "as the operator says until it is known better"
    await door.tell_pages()
    assert await _foots(client) == {there}
    assert bool(await sellers.offering()) is there


async def test_one_of_two_shops_is_enough(client: AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    _operator_says(monkeypatch, "off")
    await builders.merchant(MO)
    await rules.save(await builders.merchant(NIA), Rules(withdrawal="on"), by=None)
    await door.tell_pages()
    assert await _foots(client) == {True}
    assert (await client.get("/withdrawal")).status_code == 200


async def test_saved_at_the_desk_it_is_at_once_and_no_kept_page_says_otherwise(client: AsyncClient) -> None:
    await bought.delivered()
    await builders.member("mo@example.com", MO, "owner")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    await door.tell_pages()
    first = await client.get("/orders")
    assert FOOT in first.text
    kept = {"If-None-Match": first.headers["etag"]}
    assert (await client.get("/orders", headers=kept)).status_code == 304
    number = await rules.save((await builders.merchant(MO)), Rules(withdrawal="off"), by=None)
    restored = await client.post(f"/desk/{MO}/return-rules/versions/{number}/restoration")
    assert restored.status_code == 303
    assert offers.withdrawal() is False
    again = await client.get("/orders", headers=kept)
    client.cookies.delete("flash")
    assert (again.status_code, FOOT in again.text) == (200, False)


async def test_an_order_has_it_until_all_of_it_is_declared_and_its_declaration_then(client: AsyncClient) -> None:
    order = await bought.delivered()
    teapots, cup = await bought.line_ids(order)
    client.cookies.update(await builders.session(ALICE))
    here, link = f"/orders/{order['address']}", f'<a href="/orders/{order["address"]}/withdrawal">'
    assert link in (await client.get(here)).text
    code = await withdrawals.declare(order["customer"], {teapots: 2}, by="customer:1")
    assert link in (await client.get(here)).text, "there is still the cup"
    other = await asking.ask(order["customer"], bought.asked(cup), by="customer:1")
    page = (await client.get(here)).text
    assert link not in page
    assert f"/returns/{code}" in page
    await deciding.cancel(order["customer"], other, by="customer:1")
    assert link in (await client.get(here)).text
