"""Older orders, in place and as a page; and the way back to a list as it was left."""

import pytest
from playwright.sync_api import Page, expect

from e2e import steps
from e2e.conftest import SCREENS, Visit

both_screens = pytest.mark.parametrize("screen", SCREENS)
PAGE = 20  # orders


def _rolled_to(page: Page, address: str) -> float:
    """Rolls until that order stands in the middle of the screen; how far the page is rolled then."""
    page.locator(f".order-card h3 a[href='/orders/{address}']").evaluate("(link) => link.scrollIntoView({ block: 'center' })")
    return page.evaluate("scrollY")


@both_screens
def test_older_orders_come_below_in_place_each_once(visit: Visit, screen: str) -> None:
    page = visit(screen)
    steps.open_orders(page)
    seen = steps.addresses(page)
    assert len(seen) == PAGE
    while page.locator("#older").count():
        steps.older(page)
        now = steps.addresses(page)
        assert now[: len(seen)] == seen
        seen = now
    assert len(set(seen)) == len(seen) > 5 * PAGE
    months = page.locator("#order-list > h2").all_text_contents()
    assert len(set(months)) == len(months)
    names = page.locator("[id]").evaluate_all("(all) => all.map((it) => it.id)")
    assert len(set(names)) == len(names)


@both_screens
def test_older_orders_are_a_plain_page_without_javascript(visit: Visit, screen: str) -> None:
    page = visit(screen, js=False)
    steps.open_orders(page, "?period=2026")
    first = steps.addresses(page)
    page.locator("#older a").click()
    page.wait_for_url("**before=**")
    second = steps.addresses(page)
    assert len(second) == PAGE
    assert not set(first) & set(second)
    assert "period=2026" in page.url
    page.get_by_role("link", name="Back to the newest").click()
    page.wait_for_url("**/orders?period=2026")
    assert steps.addresses(page) == first


@both_screens
@pytest.mark.parametrize("way_back", ["browser", "arrow"])
def test_back_from_an_order_finds_the_list_as_long_and_where_it_was(visit: Visit, screen: str, way_back: str) -> None:
    page = visit(screen)
    steps.open_orders(page)
    steps.older(page)
    steps.older(page)
    left = steps.addresses(page)
    assert len(left) == 3 * PAGE
    address = left[50].removeprefix("/orders/")
    y = _rolled_to(page, address)
    assert y > 2000
    steps.open_order(page, address)
    steps.until(page, "scrollY === 0")
    steps.settled(page)
    if way_back == "browser":
        page.go_back()
    else:
        page.locator(".backbar .back").click()
    expect(steps.cards(page)).to_have_count(3 * PAGE)
    assert steps.addresses(page) == left
    steps.until(page, "(y) => Math.abs(scrollY - y) <= 2", y)
    expect(page.locator(f".order-card h3 a[href='/orders/{address}']")).to_be_in_viewport()


def test_a_reload_finds_the_list_as_long_as_it_was(visit: Visit) -> None:
    page = visit()
    steps.open_orders(page, "?merchant=atelier-nord")
    steps.older(page)
    left = steps.addresses(page)
    page.reload()
    assert steps.addresses(page) == left


def test_older_keeps_the_filters_and_the_keyboard_its_place(visit: Visit) -> None:
    page = visit()
    steps.open_orders(page, "?merchant=atelier-nord")
    page.locator("#older a").focus()
    page.keyboard.press("Enter")
    expect(steps.cards(page)).to_have_count(2 * PAGE)
    steps.until(page, "document.activeElement.closest('.order-card') !== null")
    focused = "[...document.querySelectorAll('.order-card')].indexOf(document.activeElement.closest('.order-card'))"
    assert page.evaluate(focused) == PAGE
    assert all(" from Atelier Nord " in text for text in steps.small_prints(page))
