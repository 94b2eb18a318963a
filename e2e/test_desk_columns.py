"""One return at a desk on a wide screen: three columns, and in none of them a hole."""

from itertools import pairwise

import pytest
from playwright.sync_api import Page

from e2e import asking, steps
from e2e.conftest import Visit
from e2e.counter import Counter

DESK = "/desk/atelier-nord/returns"
GAP = 24  # pixels between two cards
CARDS = """() => [...document.querySelectorAll(".desk-return .card")].map(it => it.getBoundingClientRect())
  .map(it => [Math.round(it.left), Math.round(it.top), Math.round(it.bottom)])"""


def _columns(page: Page) -> list[list[tuple[int, int]]]:
    """From left to right; of each card its top and its bottom."""
    found: dict[int, list[tuple[int, int]]] = {}
    for left, top, bottom in page.evaluate(CARDS):
        found.setdefault(left, []).append((top, bottom))
    return [sorted(found[left]) for left in sorted(found)]


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_cards_stand_close_to_each_other_in_each_of_three_columns(visit: Visit, locale: str) -> None:
    page = visit("desktop", who="mo", locale=locale)
    page.goto(f"{DESK}?show=all")
    urls = page.locator(".queue h2 a").evaluate_all("links => links.slice(0, 3).map(it => it.getAttribute('href'))")
    assert urls
    for url in urls:
        page.goto(url)
        steps.looks_right(page)
        columns = _columns(page)
        assert len(columns) == 3
        assert len({column[0][0] for column in columns}) == 1, "they begin at one height"
        for column in columns:
            assert all(0 < after[0] - before[1] <= GAP for before, after in pairwise(column)), (
                url,
                column,
            )


def test_what_ends_a_row_leaves_the_room_to_its_words(visit: Visit, counter: Counter) -> None:
    """An amount of a list of credit, and the arrow beside what else was asked for of an order."""
    codes = counter.beside("asked_each", email=asking.came(counter))
    counter.beside("paid_back", email=asking.came(counter), reference="VIR-2026-11")
    page = visit("phone", who="mo")
    for url in (f"{DESK}/{codes[0]}", "/desk/atelier-nord/credit"):
        page.goto(url)
        parts = page.locator("#main .rows .row > :last-child").evaluate_all(
            "(ends) => ends.map((it) => it.getBoundingClientRect().width / it.parentElement.getBoundingClientRect().width)"
        )
        assert parts
        assert all(part < 0.4 for part in parts), (url, parts)
    page.locator("#main a.row").first.click()
    page.wait_for_url("**/credit/*")
    steps.settled(page)
    amount = page.locator("#main .row .amount").first
    assert amount.evaluate("(it) => it.getBoundingClientRect().width / it.parentElement.getBoundingClientRect().width") < 0.4
