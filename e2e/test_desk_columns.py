"""Where things stand at a desk: a return's three columns without holes, words that are whole, tables that fit."""

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from e2e import asking, steps, withdrawals
from e2e.conftest import Visit
from e2e.counter import Counter

DESK = "/desk/atelier-nord/returns"
GAP = 24  # pixels between two cards
CARDS = """() => [...document.querySelectorAll(".desk-return .card")].map(it => it.getBoundingClientRect())
  .map(it => [Math.round(it.left), Math.round(it.top), Math.round(it.bottom)])"""

# Words of which a letter stands on another line than the first.
BROKEN = """(links) => links.flatMap((it) => [...it.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE)
  .flatMap((node) => [...node.data.matchAll(/\\S+/g)].filter((word) => {
    const range = document.createRange();
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1;
  }).map((word) => word[0])))"""


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


@pytest.mark.parametrize("width", [900, 1024, 1280])
@pytest.mark.parametrize("locale", ["en", "fr"])
def test_no_word_of_the_menu_is_broken_in_two(visit: Visit, locale: str, width: int) -> None:
    page = visit("desktop", who="mo", locale=locale)
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(DESK)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    broken = page.locator(".top-menu a").evaluate_all(BROKEN)
    assert broken == []


def test_what_was_declared_and_what_the_order_says_are_both_seen_without_rolling(visit: Visit, counter: Counter) -> None:
    email = withdrawals.came(counter)
    page = visit("phone", who="")
    withdrawals.declare(page, email, contract="the blue teapot, ordered in November")
    page.goto(withdrawals.mailed_link(page, counter, email))
    page.locator("#main form button").click()
    expect(page.locator("a[href$='/receipt.pdf']")).to_be_visible()
    desk = visit("phone", who="mo")
    desk.goto(f"{DESK}?q={email}")
    desk.locator(".queue h2 a").first.click()
    desk.get_by_role("link", name="Find its order").click()
    desk.locator("#q").fill(email)
    desk.locator("form[role=search] button").click()
    desk.locator("main a.row").first.click()
    expect(desk.locator(".compared")).to_contain_text("the blue teapot, ordered in November")
    cut = desk.locator(".compared :is(th, td)").evaluate_all(
        "(all) => all.filter((it) => it.scrollWidth > it.clientWidth || it.getBoundingClientRect().right > innerWidth).length"
    )
    assert cut == 0
    steps.looks_right(desk)
