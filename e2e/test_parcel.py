"""A parcel on its order's page: the way it went, where it waits, what proves it; and all of it by itself when news comes."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e import steps
from e2e.conftest import Visit
from e2e.counter import Counter
from e2e.parcels import LYON, WAY, ago, bought, delivered, lately, on_the_way, scan, tell, waits

both_languages = pytest.mark.parametrize("locale", ["en", "fr"])


def _opened(visit: Visit, counter: Counter, email: str, locale: str = "en", screen: str = "phone", **more: Any) -> Page:
    page = visit(screen, session=counter.session(email, locale), locale=locale, **more)
    page.goto("/orders/1")
    expect(page.locator("#parcels")).to_be_visible()
    return page


def _loaded(picture: Locator) -> None:
    picture.scroll_into_view_if_needed()
    page = picture.page
    steps.until(page, "(at) => { const it = document.querySelector(at); return it.complete && it.naturalWidth }", ".proofs img")


@both_languages
def test_a_parcel_tells_its_way_and_proves_that_it_came(visit: Visit, counter: Counter, locale: str) -> None:
    email = bought(counter)
    on_the_way(counter, email)
    delivered(counter, email)
    page = _opened(visit, counter, email, locale)
    card = page.locator(".parcel")
    expect(card.locator("h2")).to_have_text({"en": "Delivered today", "fr": "Livré aujourd’hui"}[locale])
    expect(card.locator(".source")).to_have_text(re.compile(r"^Colissimo · \d\d:\d\d$"))
    expect(card.locator(".steps li.done")).to_have_count(4)
    newest = card.locator(".scans li").first
    expect(newest).to_have_attribute("aria-current", "step")
    expect(newest).to_contain_text("Left with the neighbour")
    expect(card.locator(".proof")).to_contain_text("M. Martin")
    _loaded(card.locator(".proofs img").first)
    drawn = card.locator(".way-map svg")
    expect(drawn).to_be_visible()
    assert "Lyon" in (drawn.get_attribute("aria-label") or "")
    assert card.locator(".way-map figcaption li").all_inner_texts()[0].startswith("Roissy, FR")
    expect(card.get_by_text("Pris en charge")).to_be_hidden()
    card.locator(".rest summary").click()
    expect(card.get_by_text("Pris en charge")).to_be_visible()
    steps.looks_right(page)


@both_languages
def test_without_javascript_all_of_it_is_readable(visit: Visit, counter: Counter, locale: str) -> None:
    email = bought(counter)
    on_the_way(counter, email)
    page = _opened(visit, counter, email, locale, js=False)
    expect(page.locator(".parcel h2")).to_have_text({"en": "Arrives today", "fr": "Arrive aujourd’hui"}[locale])
    expect(page.locator(".way-map svg")).to_be_visible()
    page.locator(".parcel .rest summary").click()
    expect(page.get_by_text("Electronic notification received")).to_be_visible()


@both_languages
def test_at_the_counter_the_code_is_large_and_there_is_a_way_there(visit: Visit, counter: Counter, locale: str) -> None:
    email = bought(counter)
    waits(counter, email)
    page = _opened(visit, counter, email, locale)
    code = page.locator(".pickup .code b")
    expect(code).to_have_text("482 913")
    assert code.evaluate("(it) => parseFloat(getComputedStyle(it).fontSize)") >= 36
    assert page.locator(".pickup a").get_attribute("href") == "geo:45.77,4.85?q=45.77,4.85"
    expect(page.locator(".pickup")).to_contain_text("69006 Lyon")
    steps.looks_right(page)


def test_an_open_page_moves_by_itself_and_what_is_open_stays_so(visit: Visit, counter: Counter) -> None:
    email = bought(counter, count=2)
    on_the_way(counter, email)
    page = _opened(visit, counter, email)
    first = page.locator(".parcel").first
    fold = first.locator(".rest")
    fold.locator("summary").click()
    expect(fold).to_have_attribute("open", "")
    fold.locator("summary").focus()
    top = page.evaluate("document.querySelector('.parcel .rest').getBoundingClientRect().top + scrollY")
    rolled = page.evaluate("scrollY")
    at = lately(0.01)
    tell(counter, email, [scan(at, "out_for_delivery", "In the van", "Lyon", LYON)], scanned_at=at)
    page.evaluate("document.body.dispatchEvent(new CustomEvent('counter-changed', { bubbles: true, detail: {} }))")
    expect(first.locator(".scans li").first).to_contain_text("In the van")
    steps.settled(page)
    expect(fold).to_have_attribute("open", "")
    assert page.evaluate("document.activeElement.matches('.rest summary')")
    assert page.evaluate("scrollY") == rolled
    now = page.evaluate("document.querySelector('.parcel .rest').getBoundingClientRect().top + scrollY")
    assert abs(now - top) < 200  # one scan more above it, and that is all
    expect(page.locator("#parcels")).to_have_count(1)
    tell(counter, email, [scan(ago(0), "delivered", "", "Lyon", LYON)], parcel="p2", status="delivered", scanned_at=ago(0))
    page.evaluate("document.body.dispatchEvent(new CustomEvent('counter-changed', { bubbles: true, detail: {} }))")
    expect(page.locator(".parcel").nth(1).locator("h3").first).to_have_text("Delivered")


def test_a_link_to_a_parcel_leads_to_its_card(visit: Visit, counter: Counter) -> None:
    email = bought(counter, count=3)
    shipment = tell(counter, email, WAY, parcel="p3", status="out_for_delivery", scanned_at=lately(0.05))
    page = _opened(visit, counter, email)
    page.goto(f"{page.url}#parcel-{shipment}")
    expect(page.locator(f"#parcel-{shipment} h2")).to_be_in_viewport()
    expect(page.locator(f"#parcel-{shipment} h2")).to_contain_text("Parcel 3 of 3")


def test_a_number_is_copied(visit: Visit, counter: Counter) -> None:
    email = bought(counter)
    page = _opened(visit, counter, email, permissions=["clipboard-read", "clipboard-write"])
    page.locator("copy-button button").click()
    expect(page.locator("copy-button [role=status]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator(".number > span").inner_text()


def test_on_paper_every_scan_is_there_and_no_map(visit: Visit, counter: Counter) -> None:
    email = bought(counter)
    on_the_way(counter, email)
    page = _opened(visit, counter, email, screen="desktop")
    page.emulate_media(media="print")
    expect(page.locator(".way-map")).to_be_hidden()
    expect(page.get_by_text("Electronic notification received")).to_be_visible()
