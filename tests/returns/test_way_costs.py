"""What the way back costs is said before anything is asked for: where two rights answer a change of mind, and from the first
page of a form on, with the same sum as on the next one."""

import re

import pytest
from httpx import AsyncClient

from app import db
from app.returns import rules
from app.returns.rule_book import Rules
from tests.returns import asking_steps as steps
from tests.returns import bought

DROPPED_OFF = Rules(ways=("drop_off", "own_carrier"), carrier="UPS", shipping_fee={"EUR": 490})
SAID = {
    "en": (
        "You send it with a carrier of your choice and pay for that.",
        "code on your phone: UPS · €4.90, taken off what comes back",
    ),
    "fr": ("par le transporteur de votre choix, à vos frais.", "code sur votre téléphone : UPS · 4,90 €, retenus sur ce qui"),
}


async def _order(theirs: Rules, locale: str = "en") -> tuple[str, int]:
    order = await bought.delivered()
    await rules.save(order["merchant"], theirs, by=None)
    await db.execute("UPDATE customers SET locale = {} WHERE id = {}", locale, order["customer"])
    return order["address"], (await bought.line_ids(order))[0]


@pytest.mark.parametrize("locale", ["en", "fr"])
async def test_two_ways_of_changing_ones_mind_say_in_what_they_differ(alice: AsyncClient, locale: str) -> None:
    address, line = await _order(DROPPED_OFF, locale)
    page = steps.said((await alice.get(f"/orders/{address}/what-happened?line={line}")).text)
    for text in SAID[locale]:
        assert text in page


async def test_a_withdrawal_for_which_the_shop_bears_the_way_back_says_so(alice: AsyncClient) -> None:
    address, line = await _order(Rules(shipping_paid_by={"changed_mind": "merchant"}))
    page = steps.said((await alice.get(f"/orders/{address}/what-happened?line={line}")).text)
    assert "You send it with a carrier of your choice; the shop bears what it costs." in page


async def test_the_first_page_shows_the_sum_of_the_next_one(alice: AsyncClient) -> None:
    address, line = await _order(DROPPED_OFF)
    first = await alice.get(f"/orders/{address}/returns/new?kind=return&line={line}&reason=changed_mind")
    second = await steps.look(alice, first)
    sums = [re.findall(r"Comes back to you (\S+)", steps.said(page.text)) for page in (first, second)]
    assert sums[0] == sums[1] != []
    assert "The way back, paid by you" in first.text
    assert "How it goes back, and what that costs, is chosen on the next page." in first.text
    bare = await _other(alice, Rules())
    assert "chosen on the next page" not in bare


async def _other(alice: AsyncClient, theirs: Rules) -> str:
    order = await bought.delivered("1009")
    await rules.save(order["merchant"], theirs, by=None)
    (line, *_rest) = await bought.line_ids(order)
    return (await alice.get(f"/orders/{order['address']}/returns/new?kind=return&line={line}&reason=changed_mind")).text


async def test_the_tax_of_the_items_is_not_said_to_be_in_a_sum_from_which_something_was_taken(alice: AsyncClient) -> None:
    address, line = await _order(DROPPED_OFF)
    await db.execute("UPDATE order_lines SET tax = 800")
    here = f"/orders/{address}/returns/new?kind=return&line={line}&reason="
    taken, whole = [steps.said((await alice.get(f"{here}{reason}")).text) for reason in ("changed_mind", "not_as_described")]
    assert ("Tax in the items" in taken, "Tax in it" in taken) == (True, False)
    assert ("Tax in the items" in whole, "Tax in it" in whole) == (False, True)
