"""Slow answers and impatient fingers: the page says that it works, and one click is one change."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from e2e import steps
from e2e.conftest import SCREENS, Visit
from e2e.counter import Counter

both_screens = pytest.mark.parametrize("screen", SCREENS)
UNDER_WAY = "getComputedStyle(document.body, '::before').animationName"


@contextmanager
def _held(page: Page, pattern: str | re.Pattern[str], method: str) -> Iterator[list[Route]]:
    """Requests wait inside the block, each is noted; afterwards they go on."""
    held: list[Route] = []
    free = False

    def hold(route: Route) -> None:
        if route.request.method != method:
            route.fallback()
            return
        held.append(route)
        if free:
            route.continue_()

    page.route(pattern, hold)
    yield held
    free = True
    for route in list(held):
        route.continue_()


def _until_held(page: Page, held: list[Route], count: int = 1) -> None:
    for _ in range(400):
        if len(held) >= count:
            return
        page.wait_for_timeout(10)
    raise AssertionError("the request was never made")


def _click_twice(page: Page, button: Locator, asked: list[Route]) -> None:
    """A double click, and once more when the request is on its way."""
    button.dblclick(no_wait_after=True)
    _until_held(page, asked)
    button.dispatch_event("click")


def _click_again_soon(page: Page, name: str, asked: list[Route]) -> None:
    """While a page is being left nobody can reach into it: it clicks a second time by itself, and says so."""
    with page.expect_request("**/up?clicked-again"):  # listened for before the click, or a slow machine misses it
        page.get_by_role("button", name=name).evaluate(
            "(button) => { button.click(); setTimeout(() => { button.click(); fetch('/up?clicked-again'); }, 100); }"
        )
        _until_held(page, asked)


@both_screens
def test_a_double_click_on_archive_is_one_change(visit: Visit, screen: str) -> None:
    page = visit(screen, who="chloe")
    steps.open_orders(page)
    before = steps.addresses(page)
    address = before[4].removeprefix("/orders/")
    with _held(page, "**/archiving", "POST") as asked:
        _click_twice(page, steps.article(page, address).get_by_role("button", name="Archive"), asked)
    expect(steps.article(page, address)).to_have_class("card put-away")
    steps.settled(page)
    assert len(asked) == 1
    steps.article(page, address).get_by_role("button", name="Undo").click()
    expect(steps.cards(page)).to_have_count(len(before))
    assert steps.addresses(page) == before


@both_screens
def test_a_double_click_on_older_brings_each_order_once(visit: Visit, screen: str) -> None:
    page = visit(screen)
    steps.open_orders(page)
    with _held(page, "**/orders?before=**", "GET") as asked:
        _click_twice(page, page.locator("#older a"), asked)
    expect(steps.cards(page)).to_have_count(40)
    steps.settled(page)
    found = steps.addresses(page)
    assert len(set(found)) == len(found) == 40
    assert len(asked) == 1


def test_a_double_click_sends_one_code_and_signs_in_once(visit: Visit, counter: Counter) -> None:
    page = visit("phone", who="")
    mails = len(counter.mails("chloe@example.com"))
    page.goto("/sign-in")
    page.locator("#email").fill("chloe@example.com")
    with _held(page, "**/sign-in", "POST") as asked:
        _click_again_soon(page, "Send me a code", asked)
    page.wait_for_url("**/sign-in/code")
    code = counter.code_mailed("chloe@example.com", mails)
    assert len(counter.mails("chloe@example.com")) == mails + 1
    assert len(asked) == 1
    page.locator("#code").fill(code)
    with _held(page, "**/sign-in/code", "POST") as tried:
        _click_again_soon(page, "Sign in", tried)
    page.wait_for_url("**/orders")
    assert len(tried) == 1


def test_a_form_can_be_sent_again_after_coming_back_to_it(visit: Visit, counter: Counter) -> None:
    page = visit("phone", who="")
    steps.ask_for_code(page, "bob@example.com")
    page.go_back()
    page.locator("#email").fill("chloe@example.com")
    mails = len(counter.mails("chloe@example.com"))
    page.get_by_role("button", name="Send me a code").click()
    page.wait_for_url("**/sign-in/code")
    expect(page.get_by_text("chloe@example.com")).to_be_visible()
    assert counter.code_mailed("chloe@example.com", mails)


@both_screens
@pytest.mark.parametrize("what", ["order", "filter", "older"])
def test_an_answer_that_is_long_in_coming_is_announced_by_a_line(visit: Visit, screen: str, what: str) -> None:
    page = visit(screen)
    steps.open_orders(page)
    links = {"order": ".order-card h3 a", "filter": ".chips.roll a[href*='2024']", "older": "#older a"}
    assert page.evaluate(UNDER_WAY) == "none"
    with _held(page, re.compile(r"/orders[/?]"), "GET") as asked:
        page.locator(links[what]).first.click(no_wait_after=True)
        _until_held(page, asked)
        steps.until(page, f"{UNDER_WAY} === 'advance'")
        steps.until(page, "new DOMMatrix(getComputedStyle(document.body, '::before').transform).a > 0.05")
    steps.settled(page)
    assert page.evaluate(UNDER_WAY) == "none"


def test_a_search_that_is_long_in_coming_shows_it_in_its_field(visit: Visit) -> None:
    page = visit("phone")
    steps.open_orders(page)
    with _held(page, "**/orders?q=**", "GET") as asked:
        page.locator("#q").press_sequentially("cup", delay=10)
        _until_held(page, asked)
        assert page.evaluate("getComputedStyle(document.querySelector('.search .icon')).animationName") == "breathe"
    steps.settled(page)
    assert steps.cards(page).count() > 0


def test_the_last_of_several_impatient_choices_wins(visit: Visit) -> None:
    """2025 is held back; 2024 is chosen meanwhile; the late answer changes nothing."""
    page = visit()
    steps.open_orders(page)
    with _held(page, "**/orders?period=2025", "GET") as asked:
        page.locator(".chips.roll a[href*='2025']").click(no_wait_after=True)
        _until_held(page, asked)
        page.locator(".chips.roll a[href*='2024']").click()
        page.wait_for_url("**/orders?period=2024")
        steps.settled(page)
    page.evaluate("fetch('/up').then((answer) => answer.text())")
    steps.settled(page)
    assert page.url.endswith("period=2024")
    assert all(" 2024" in text for text in steps.small_prints(page))
    expect(page.locator(".chips.roll [aria-current]")).to_have_text("2024")
