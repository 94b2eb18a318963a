"""Putting an order away and taking it out again: in place with JavaScript, with a word and an undo without."""

import pytest
from playwright.sync_api import expect

from e2e import steps
from e2e.conftest import SCREENS, Visit

both_screens = pytest.mark.parametrize("screen", SCREENS)


@both_screens
def test_a_card_becomes_a_line_with_an_undo_and_the_undone_line_the_card_again(visit: Visit, screen: str) -> None:
    page = visit(screen, who="chloe")
    steps.open_orders(page)
    before = steps.addresses(page)
    address = before[2].removeprefix("/orders/")
    text = steps.article(page, address).locator("h3").inner_text()
    steps.article(page, address).get_by_role("button", name="Archive").press("Enter")
    expect(steps.article(page, address)).to_have_class("card put-away")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Undo"  # a keyboard is where it can undo
    assert page.url.endswith("/orders")
    assert steps.addresses(page) == [other for other in before if other != f"/orders/{address}"]
    page.keyboard.press("Enter")
    expect(steps.article(page, address).locator("h3")).to_have_text(text)
    assert steps.addresses(page) == before
    assert page.evaluate("document.activeElement.closest('.order-card') !== null")
    page.reload()
    assert steps.addresses(page) == before


@both_screens
@pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
def test_an_archived_order_waits_in_the_archive_and_can_be_taken_out(visit: Visit, screen: str, js: bool) -> None:
    page = visit(screen, js=js, who="chloe")
    steps.open_orders(page)
    before = steps.addresses(page)
    address = before[1].removeprefix("/orders/")
    steps.article(page, address).get_by_role("button", name="Archive").click()
    if js:
        expect(steps.article(page, address)).to_have_class("card put-away")
    steps.open_orders(page)
    assert f"/orders/{address}" not in steps.addresses(page)
    steps.choose_filter(page, "Archived")
    steps.close_filters(page)
    expect(page.locator("h1")).to_have_text("Archived orders")
    assert f"/orders/{address}" in steps.addresses(page)
    steps.article(page, address).get_by_role("button", name="Take out").click()
    if js:
        expect(steps.article(page, address)).to_contain_text("Back among your orders")
    else:
        expect(page.locator("#toasts")).to_contain_text("Back among your orders")
    steps.open_orders(page)
    assert steps.addresses(page) == before


@both_screens
def test_without_javascript_the_next_page_says_it_and_offers_the_undo(visit: Visit, screen: str) -> None:
    page = visit(screen, js=False, who="chloe")
    steps.open_orders(page, "?period=2026")
    before = steps.addresses(page)
    address = before[3].removeprefix("/orders/")
    steps.article(page, address).get_by_role("button", name="Archive").click()
    expect(page.locator("#toasts")).to_contain_text("Archived")
    assert f"/orders/{address}" not in steps.addresses(page)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Back among your orders")
    steps.open_orders(page, "?period=2026")
    assert steps.addresses(page) == before
    expect(page.locator("#toasts")).to_be_empty()  # said once


@both_screens
@pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
def test_an_order_is_archived_on_its_own_page(visit: Visit, screen: str, js: bool) -> None:
    page = visit(screen, js=js, who="chloe")
    steps.open_orders(page)
    address = steps.addresses(page)[0]
    page.goto(address)
    page.get_by_role("button", name="Archive this order").click()
    expect(page.get_by_role("button", name="Take out of the archive")).to_be_visible()
    assert page.url.endswith(address)
    expect(page.locator("#toasts")).to_contain_text("Archived")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Back among your orders")
    page.goto(address)
    expect(page.get_by_role("button", name="Archive this order")).to_be_visible()
