"""Money spent: a picture with a table behind it, by year, each currency for itself."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from e2e import steps
from e2e.amounts import minor
from e2e.conftest import SCREENS, Visit

both_screens = pytest.mark.parametrize("screen", SCREENS)


def _shown(page: Page) -> dict[str, tuple[int, list[int], list[float]]]:
    """Currency → the sum that is said, the amounts in the table, the heights of the bars in per cent."""
    found = {}
    for section in page.locator(".spending .currency").all():
        currency = (section.locator("caption").text_content() or "")[-3:]
        amounts = [minor(text) for text in section.locator("td").all_text_contents()]
        bars = section.locator("rect").evaluate_all("(all) => all.map((bar) => parseFloat(bar.getAttribute('height')))")
        found[currency] = minor(section.locator(".total").inner_text()), amounts, bars
    return found


@both_screens
@pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
def test_each_currency_is_summed_for_itself_and_the_table_says_what_the_picture_shows(
    visit: Visit, screen: str, js: bool
) -> None:
    page = visit(screen, js=js)
    page.goto("/orders/spending")
    whole = _shown(page)
    assert set(whole) == {"EUR", "CHF"}
    years = page.locator(".spending .chips a").all_inner_texts()
    assert years[0] == "All"
    assert len(years) == 5
    by_year = dict.fromkeys(whole, 0)
    for year in years[1:]:
        page.locator(".spending .chips a", has_text=year).click()
        page.wait_for_url(f"**/orders/spending?year={year}")
        expect(page.locator(".spending h2")).to_have_text(f"Spent in {year}")
        for currency, (total, months, bars) in _shown(page).items():
            assert len(months) == len(bars) == 12
            assert sum(months) == total
            assert bars.index(max(bars)) == months.index(max(months))
            by_year[currency] += total
    assert by_year == {currency: total for currency, (total, _years, _bars) in whole.items()}
    assert all(sum(amounts) == total for total, amounts, _bars in whole.values())


def test_the_picture_agrees_with_the_history_one_takes_away(visit: Visit) -> None:
    """The sums from the exported orders, counted here."""
    page = visit()
    page.goto("/orders/spending")
    orders = json.loads(page.request.get("/orders/export.json").text())["orders"]
    spent: dict[str, int] = {}
    for order in orders:
        if order["payment"] not in ("paid", "partly_refunded", "refunded"):
            continue  # owed or reserved is not spent
        given_back = sum(refund["amount"] for refund in order.get("refunds", []) if refund.get("state") != "failed")
        cost = 0 if order.get("state") == "cancelled" else order["total"] - given_back
        spent[order["currency"]] = spent.get(order["currency"], 0) + cost
    assert {currency: total for currency, (total, _amounts, _bars) in _shown(page).items()} == spent


def test_at_the_side_of_a_desktop_it_loads_by_itself_and_leaves_the_list_alone(visit: Visit) -> None:
    page = visit()
    steps.open_orders(page)
    page.locator("#spending").scroll_into_view_if_needed()
    expect(page.locator("#spending .spending")).to_be_visible()
    before = steps.seen(page)
    title = page.title()
    page.locator("#spending .chips a", has_text="2025").click()
    expect(page.locator("#spending h2")).to_have_text("Spent in 2025")
    assert steps.seen(page) == before
    assert page.title() == title
    steps.choose_period(page, "2024")
    expect(page.locator("#spending .spending")).to_be_visible()


def test_on_a_phone_it_waits_behind_the_filters_and_is_not_asked_for_before(visit: Visit) -> None:
    page = visit("phone")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    steps.open_orders(page, "?period=2025")
    expect(page.locator(".spending")).to_have_count(0)
    assert not [url for url in asked if "/spending" in url]
    steps.open_filters(page)
    page.locator("#spending").scroll_into_view_if_needed()
    expect(page.locator("#spending h2")).to_have_text("Spent in 2025")
    assert len([url for url in asked if "/spending" in url]) == 1


@both_screens
def test_without_javascript_there_is_a_door_to_its_page(visit: Visit, screen: str) -> None:
    page = visit(screen, js=False)
    steps.open_orders(page, "?period=2025")
    steps.open_filters(page)
    page.locator(".spending-door").click()
    page.wait_for_url(re.compile("/orders/spending"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Money spent")
    expect(page.locator(".spending h2")).to_have_text("Spent in 2025")
    expect(page.locator(".spending rect")).not_to_have_count(0)
