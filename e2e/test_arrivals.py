"""Arrivals at 390 px in both languages: by day, current by itself, handed to a neighbour, reported when it never came."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e import steps
from e2e.conftest import Visit
from e2e.counter import Counter
from e2e.parcels import bought, delivered

WORDS = {
    "en": {"title": "Arrivals", "today": "Today", "never": "It never came", "told": "The seller has been told."},
    "fr": {"title": "Arrivées", "today": "Aujourd’hui", "never": "Il n’est jamais arrivé", "told": "informé."},
}  # fmt: skip


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_arrivals_are_in_the_bar_and_stand_by_day(visit: Visit, locale: str) -> None:
    page = visit("phone", locale=locale)
    steps.open_orders(page)
    page.locator(".tabs a[href='/arrivals']").click()
    page.wait_for_url("**/arrivals")
    expect(page.locator("h1")).to_have_text(WORDS[locale]["title"])
    expect(page.locator(".tabs a[aria-current='page']")).to_have_attribute("href", "/arrivals")
    headings = page.locator("#arrivals > section > h2").all_text_contents()
    assert headings[0] == page.locator("#arrivals-needs_you").inner_text()
    assert WORDS[locale]["today"] in headings
    steps.looks_right(page)
    page.locator(".arrival h3 a").first.click()
    page.wait_for_url("**/orders/*")


def test_everything_is_there_without_javascript(visit: Visit) -> None:
    page = visit("phone", js=False)
    page.goto("/arrivals")
    assert page.locator(".arrival").count() > 5


def test_the_list_is_asked_for_again_when_something_changed(visit: Visit) -> None:
    page = visit("phone")
    page.goto("/arrivals")
    steps.settled(page)
    page.evaluate("document.querySelector('.arrival').remove()")
    before = page.locator(".arrival").count()
    page.evaluate("document.body.dispatchEvent(new CustomEvent('counter-changed', { bubbles: true, detail: {} }))")
    steps.until(page, "(before) => document.querySelectorAll('.arrival').length === before + 1", before)
    assert page.locator("#arrivals").count() == 1
    assert page.url.endswith("/arrivals")


def _parcel(page: Page) -> str:
    """The path of some parcel under way, below its order."""
    page.goto("/arrivals")
    href = page.locator(".arrival.info a[download]").first.get_attribute("href")
    assert href
    return href.removesuffix("/delivery.ics")


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_a_neighbour_sees_the_parcel_until_the_link_is_ended(visit: Visit, counter: Counter, locale: str) -> None:
    page = visit("phone", locale=locale)
    path = _parcel(page)
    page.goto(f"{path}/links")
    page.locator("#label").fill("Ms Roux")
    page.locator("#main .form button.first").click()
    link = page.locator("#link").inner_text()
    steps.looks_right(page)
    neighbour = visit("phone", who="", locale=locale)
    neighbour.goto(re.sub(r"^https?://[^/]+", counter.url, link))
    expect(neighbour.locator("h1")).to_contain_text("Alice")
    steps.looks_right(neighbour)
    page.goto(f"{path}/links")
    page.locator("form[action$='/revocation'] button").first.click()
    expect(page.locator("form[action$='/revocation']")).to_have_count(0)


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_it_never_came_is_told_to_the_seller(visit: Visit, counter: Counter, locale: str) -> None:
    email = bought(counter)
    delivered(counter, email)
    page = visit("phone", session=counter.session(email, locale), locale=locale)
    page.goto("/arrivals")
    page.locator(".arrivals.arrived a[href$='/missing']").first.click()
    page.wait_for_url("**/missing")
    expect(page.locator("h1")).to_have_text(WORDS[locale]["never"])
    steps.looks_right(page)
    page.locator("#note").fill("Not in the letter box either.")
    page.locator("#main .form button.first").click()
    page.wait_for_url("**/orders/*")
    expect(page.locator("#toasts")).to_contain_text(WORDS[locale]["told"])
