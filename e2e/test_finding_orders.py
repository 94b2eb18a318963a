"""Finding an order: period, state, seller, archive, search; every choice is an address, and Back leads through them."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from e2e import steps
from e2e.conftest import SCREENS, Visit

both_screens = pytest.mark.parametrize("screen", SCREENS)
with_and_without_js = pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])


def _walk(page: Page) -> list[dict[str, object]]:
    """Every filter after the other; what was seen after each."""
    seen = [steps.seen(page)]

    def note() -> None:
        steps.close_filters(page)
        seen.append(steps.seen(page))

    for period in ("30 days", "3 months", "2026", "2025"):
        steps.choose_period(page, period)
        note()
    for choice in ("Delivered", "Atelier Nord", "Archived", "Archived", "Cancelled", "All sellers"):
        steps.choose_filter(page, choice)
        note()
    return seen


@both_screens
@with_and_without_js
def test_back_and_forward_are_right_after_every_filter(visit: Visit, screen: str, js: bool) -> None:
    page = visit(screen, js=js)
    steps.open_orders(page)
    seen = _walk(page)
    assert len({view["address"] for view in seen}) >= 9
    for view in reversed(seen[:-1]):
        steps.goes_back_to(page, view)
    for view in seen[1:]:
        steps.goes_forward_to(page, view)


@both_screens
@with_and_without_js
def test_filters_show_only_what_was_asked_for(visit: Visit, screen: str, js: bool) -> None:
    page = visit(screen, js=js)
    steps.open_orders(page)
    steps.choose_period(page, "2025")
    assert steps.small_prints(page)
    assert all(" 2025" in text for text in steps.small_prints(page))
    steps.choose_filter(page, "Alpages")
    assert steps.small_prints(page)
    assert all(" from Alpages " in text and "CHF" in text for text in steps.small_prints(page))
    steps.choose_filter(page, "Cancelled")
    headlines = page.locator(".order-card h3").all_text_contents()
    assert headlines
    assert all(text.startswith("Cancelled") for text in headlines)


@both_screens
@with_and_without_js
def test_clearing_takes_every_filter_away_at_once(visit: Visit, screen: str, js: bool) -> None:
    page = visit(screen, js=js)
    steps.open_orders(page)
    everything = steps.addresses(page)
    steps.open_orders(page, "?q=zzzz&state=delivered&merchant=alpages&period=2024")
    expect(page.get_by_role("heading", name="Nothing like that here")).to_be_visible()
    page.locator("#order-list .empty a").click()
    page.wait_for_url("**/orders")
    expect(page.locator("#q")).to_have_value("")
    expect(steps.cards(page)).to_have_count(len(everything))
    assert steps.addresses(page) == everything


@both_screens
def test_typing_finds_without_losing_focus_and_replaces_the_address(visit: Visit, screen: str) -> None:
    page = visit(screen)
    steps.open_orders(page)
    steps.choose_period(page, "2026")
    before = page.evaluate("history.length")
    steps.search_for(page, "theiere BRUME")
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.locator("#q").input_value() == "theiere BRUME"
    assert page.evaluate("history.length") == before
    assert "period=2026" in page.url
    expect(page.locator(".empty h2")).to_have_text("Nothing like that here")  # its title is English: “Teapot”
    steps.search_for(page, "teapot brume")
    assert steps.cards(page).count() > 0
    assert all("Teapot “Brume”" in text for text in page.locator(".titles").all_text_contents())
    found = steps.addresses(page)
    steps.search_for(page, "TEAPÖT brùme")
    assert steps.addresses(page) == found


@both_screens
def test_an_emptied_search_leaves_no_trace_in_the_address(visit: Visit, screen: str) -> None:
    page = visit(screen)
    steps.open_orders(page)
    everything = steps.addresses(page)
    steps.search_for(page, "20417")
    assert steps.addresses(page) == ["/orders/20417.hifi-lambert", "/orders/20417"]
    page.locator("#q").press("Control+a")
    page.locator("#q").press("Delete")
    steps.until(page, "location.search === ''")
    steps.settled(page)
    assert steps.addresses(page) == everything


def test_back_after_typing_leads_to_the_page_before_the_search(visit: Visit) -> None:
    """A search is one step however many letters it has; a filter chosen in it is another."""
    page = visit()
    page.goto("/account")
    steps.open_orders(page)
    steps.search_for(page, "cable")
    found = steps.seen(page)
    steps.choose_filter(page, "Delivered")
    steps.goes_back_to(page, found)
    page.go_back()
    page.wait_for_url("**/account")


def test_an_answer_that_comes_late_does_not_replace_a_newer_one(visit: Visit) -> None:
    page = visit()
    steps.open_orders(page)
    held: list[Route] = []
    page.route(re.compile(r"q=tur(&|$)"), lambda route: held.append(route))
    page.locator("#q").press_sequentially("tur", delay=10)
    for _ in range(400):
        if held:
            break
        page.wait_for_timeout(10)
    assert held, "the request was never made"
    steps.search_for(page, "beanie")
    newest = steps.seen(page)
    assert newest["orders"]
    late = page.context.request.get("/orders?q=tur", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    held[0].fulfill(response=late)
    # A round trip later nothing has come of it.
    page.evaluate("fetch('/up').then((answer) => answer.text())")
    steps.settled(page)
    assert steps.seen(page) == newest


@both_screens
def test_search_and_filters_work_without_javascript(visit: Visit, screen: str) -> None:
    page = visit(screen, js=False)
    steps.open_orders(page, "?period=2026&merchant=hifi-lambert")
    steps.send_search(page, "cable")
    assert "period=2026" in page.url
    assert "merchant=hifi-lambert" in page.url
    assert "q=cable" in page.url
    assert steps.small_prints(page)
    assert all("Hifi Lambert" in text for text in steps.small_prints(page))
    found = steps.seen(page)
    steps.choose_period(page, "All")
    assert len(steps.addresses(page)) > len(found["orders"])
    steps.goes_back_to(page, found)


def test_the_phone_shows_orders_first_and_how_many_filters_are_on(visit: Visit) -> None:
    page = visit("phone")
    steps.open_orders(page)
    assert steps.cards(page).first.bounding_box()["y"] < 300  # type: ignore[index]
    expect(page.locator("#more-filters")).to_be_hidden()
    steps.choose_filter(page, "Delivered")
    steps.choose_filter(page, "Alpages")
    expect(page.locator("#more-filters")).to_be_visible()  # one sheet, several choices
    steps.close_filters(page)
    expect(page.locator(".more b")).to_have_text(re.compile(r"2$"))
