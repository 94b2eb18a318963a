"""What people change about themselves, on a phone: time zone, telephone, phrase, and the e-mail address to the end."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e import steps
from e2e.conftest import ZONES, Newcomer, Visit
from e2e.counter import Counter
from e2e.watch import Watch

IN_SWITZERLAND = {
    "name": "Nina Neuf",
    "street": "Chemin des Vignes 8",
    "postal_code": "1005",
    "city": "Lausanne",
    "country": "CH",
}
both_languages = pytest.mark.parametrize("locale", ZONES)
with_and_without_js = pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])


def signed_in(visit: Visit, counter: Counter, email: str, **how: Any) -> Page:
    """The phone of a newcomer who has just signed in on it."""
    page = visit("phone", who="", **how)
    steps.use_link(page, counter.link(email))
    return page


def choose_zone(page: Page, value: str) -> None:
    page.goto("/account/profile")
    page.locator("#zone").select_option(value)
    page.locator("#main .form button.first").click()
    page.wait_for_url("**/account")


@with_and_without_js
def test_a_chosen_zone_stays_until_the_browser_is_asked_again(visit: Visit, counter: Counter, email: str, js: bool) -> None:
    page = signed_in(visit, counter, email, js=js)
    choose_zone(page, "Asia/Tokyo")
    expect(page.locator("a[href='/account/profile']")).to_contain_text("Japan – Tokyo")
    page.goto("/account/profile")
    page.locator("#name").fill("Nina Altermatt")
    page.locator("#main .form button.first").click()
    page.wait_for_url("**/account")
    page.goto("/account/profile")
    expect(page.locator("#zone")).to_have_value("Asia/Tokyo")
    choose_zone(page, "browser")
    page.goto("/account/profile")
    expect(page.locator("#zone")).to_have_value("Europe/London" if js else "browser")


@both_languages
def test_a_number_is_typed_as_people_do_confirmed_by_a_text_and_removed(
    visit: Visit, counter: Counter, watch: Watch, newcomer: Newcomer, locale: str
) -> None:
    watch.allow("status of 422")
    page = signed_in(visit, counter, newcomer(shipping_address=IN_SWITZERLAND), locale=locale)
    page.goto("/account")
    page.locator("a[href='/account/phone']").click()
    page.wait_for_url("**/account/phone")
    expect(page.locator("#country")).to_have_value("CH")
    page.locator("#phone").fill("078 123")
    page.locator("#main form.form button").first.click()
    expect(page.locator("#phone-error")).to_contain_text("078 123 45 67")
    expect(page.locator("#phone")).to_have_value("078 123")
    page.locator("#phone").fill("078 123 45 67")
    page.locator("#main form.form button").first.click()
    page.wait_for_url("**/account/phone/confirmation")
    expect(page.locator("#code")).to_be_focused()
    steps.enter_code(page, counter.code_texted("+41781234567"))
    page.wait_for_url("**/account")
    line = page.locator("a[href='/account/phone']")
    expect(line).to_contain_text("+41 78 123 45 67")
    expect(line).to_contain_text({"en": "· confirmed", "fr": "· confirmé"}[locale])
    line.click()
    page.locator("form[action='/account/phone/removal'] button").click()
    page.wait_for_url("**/account")
    expect(line).not_to_contain_text("+41")


@both_languages
@with_and_without_js
def test_an_address_is_changed_from_another_device_and_taken_back_by_the_old_mailbox(
    visit: Visit, counter: Counter, email: str, locale: str, js: bool
) -> None:
    new = email.replace("example.com", "example.net")
    page = signed_in(visit, counter, email, locale=locale, js=js)
    page.goto("/account")
    page.locator("a[href='/account/email']").click()
    page.locator("#email").fill(new)
    page.locator("#main .form button").first.click()
    expect(page.locator("#waiting")).to_be_visible()
    page.goto("/account")
    expect(page.locator(".notice")).to_contain_text(new)

    other = visit("desktop", who="", locale=locale, js=js)
    other.goto(counter.link_mailed(new, "/new-email/"))
    expect(other.locator("#main")).to_contain_text("n•••@example.com")
    other.locator("#main form button.first").click()
    expect(other.locator("h1")).to_have_text({"en": "That is your address now", "fr": "C’est maintenant votre adresse"}[locale])
    page.goto("/account")
    expect(page.locator("a[href='/account/email']")).to_contain_text(new)

    assert counter.mails(email), "it was told that a change was asked for"
    old = visit("phone", who="", locale=locale, js=js)
    old.goto(counter.link_mailed(email, "/not-me/", after=1))
    old.locator("#main form button.first").click()
    expect(old.locator("main a[href='/sign-in']")).to_be_visible()
    if not js:  # else the page has heard of it
        page.goto("/account")
    page.wait_for_url("**/sign-in**")
    steps.sign_in(old, counter, email)
    old.wait_for_url("**/orders")
    old.goto("/account")
    expect(old.locator("a[href='/account/email']")).to_contain_text(email)


def test_a_waiting_change_can_be_called_off(visit: Visit, counter: Counter, watch: Watch, email: str) -> None:
    watch.allow("status of 410")
    new = email.replace("example.com", "example.net")
    page = signed_in(visit, counter, email)
    page.goto("/account/email")
    page.locator("#email").fill(new)
    page.locator("#main .form button").first.click()
    link = counter.link_mailed(new, "/new-email/")
    page.goto("/account")
    page.get_by_role("button", name="Cancel the change").click()
    expect(page.locator("#toasts")).to_contain_text("stays as it is")
    expect(page.locator(".notice")).to_have_count(0)
    page.goto(link)
    expect(page.get_by_role("heading", name="This link is over")).to_be_visible()


def test_a_phrase_stands_in_the_next_mail(visit: Visit, counter: Counter, email: str) -> None:
    page = signed_in(visit, counter, email)
    page.goto("/account/phrase")
    page.locator("#phrase").fill("the blue teapot whistles")
    page.locator("#main .form button.first").click()
    page.wait_for_url("**/account")
    mails = len(counter.mails(email))
    steps.ask_for_code(visit("phone", who=""), email)
    counter.code_mailed(email, mails)
    said = counter.mails(email)[-1].read_bytes().decode()
    assert "Your phrase: the blue teapot whistles" in said
    page.goto("/account/phrase")
    page.get_by_role("button", name="Remove the phrase").click()
    page.wait_for_url("**/account")
    expect(page.locator("a[href='/account/phrase']")).to_contain_text("None yet")
