"""One return at a desk on a wide screen: three columns, and in none of them a hole."""

from itertools import pairwise

import pytest
from playwright.sync_api import Page

from e2e import steps
from e2e.conftest import Visit

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
