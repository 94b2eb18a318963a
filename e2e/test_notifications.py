"""What happens is read in the app: unread, read, by topic; and what is not wanted is not told."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e import steps
from e2e.conftest import SCREENS, Visit
from e2e.counter import Counter

both_screens = pytest.mark.parametrize("screen", SCREENS)
with_and_without = pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
WORDS = {
    "en": ("Not delivered: Teapot", "Nobody was home.", "Delivered: Teapot", "Mark all as read", "Deliveries", "Security"),
    "fr": ("Non livré : Teapot", "Il n’y avait personne.", "Livré : Teapot", "Tout marquer comme lu", "Livraisons", "Sécurité"),
}


def opened(visit: Visit, counter: Counter, email: str, screen: str, locale: str = "en", **more: bool) -> Page:
    """Somebody's own browser, whose news so far is read."""
    page = visit(screen, session=counter.session(email, locale), locale=locale, **more)
    steps.news_arrives(page, 1)  # the order itself
    page.locator(".mark-all button").click()
    expect(page.locator("#notifications li.unread")).to_have_count(0)
    return page


@both_screens
@with_and_without
@pytest.mark.parametrize("locale", WORDS)
def test_a_failed_attempt_is_told_opened_and_read(
    visit: Visit, counter: Counter, email: str, screen: str, js: bool, locale: str
) -> None:
    failed, nobody, delivered, mark_all, deliveries, security = WORDS[locale]
    page = opened(visit, counter, email, screen, locale, js=js)
    counter.happens("shipment_attempt_failed", email, '{"reason": "consignee_not_home"}')
    counter.happens("shipment_delivered", email)
    steps.news_arrives(page, 2)
    first = page.locator("#notifications li").nth(1)
    expect(first).to_contain_text(re.compile(failed.replace(" ", r"\s")))
    expect(first).to_contain_text(nobody)
    if js:
        steps.looks_right(page)
    first.locator("form button").click()
    page.wait_for_url(re.compile(r"/orders/[^/]+#parcels$"))
    page.goto("/notifications")
    expect(page.locator("#notifications li.unread")).to_have_count(1)
    page.get_by_role("button", name=mark_all).click()
    expect(page.locator("#notifications li.unread")).to_have_count(0)
    expect(page.get_by_role("button", name=mark_all)).to_have_count(0)
    page.locator(".chips a", has_text=security).click()
    expect(page.locator("#notifications .empty")).to_be_visible()
    page.locator(".chips a", has_text=deliveries).click()
    expect(page.locator("#notifications li")).to_have_count(2)
    expect(page.locator("#notifications li").first).to_contain_text(re.compile(delivered.replace(" ", r"\s")))


@both_screens
@with_and_without
def test_the_reason_leads_to_the_choice_and_the_choice_silences_the_topic(
    visit: Visit, counter: Counter, email: str, screen: str, js: bool
) -> None:
    page = opened(visit, counter, email, screen, js=js)
    counter.happens("shipment_delivered", email)
    steps.news_arrives(page, 1)
    page.locator("#notifications summary").first.click()
    page.get_by_role("link", name="Change that").first.click()
    page.wait_for_url("**/account/notifications#deliveries")
    if js:
        steps.looks_right(page)
    page.locator("[value='deliveries.app']").uncheck()
    page.locator("[name=quiet]").check()
    page.locator("#main form button.first").click()
    expect(page.locator("#toasts")).to_contain_text("Saved.")
    expect(page.locator("[value='deliveries.app']")).not_to_be_checked()
    expect(page.locator("[name=quiet]")).to_be_checked()
    expect(page.locator("[value='security.app']")).to_be_disabled()
    counter.happens("shipment_returned_to_sender", email)
    counter.happens("refund_succeeded", email, '{"amount": 4800, "currency": "EUR"}')
    steps.news_arrives(page, 2)
    expect(page.locator("#notifications li").first).to_contain_text("€48.00 refunded")
    expect(page.locator("#notifications")).not_to_contain_text("Goes back")


def test_an_open_list_takes_in_what_has_changed(visit: Visit, counter: Counter, email: str) -> None:
    """When the page hears of a change (`counter-changed`), it fetches its list anew, and nothing else moves."""
    page = opened(visit, counter, email, "desktop")
    counter.happens("shipment_delivered", email)
    steps.until(
        page,
        "() => { document.body.dispatchEvent(new CustomEvent('counter-changed', { bubbles: true }));"
        " return document.querySelector('#notifications li.unread'); }",
    )
    expect(page.locator("#notifications li").first).to_contain_text("Delivered")
    expect(page).to_have_title(re.compile("Notifications"))
