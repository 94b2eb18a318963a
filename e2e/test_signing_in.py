"""The way in by a code or a password, and the way out. Codes are asked for sparingly: they are throttled by account."""

import re

import pytest
from playwright.sync_api import expect

from e2e import steps
from e2e.conftest import SCREENS, Visit
from e2e.counter import Counter
from e2e.watch import Watch

both_screens = pytest.mark.parametrize("screen", SCREENS)
with_and_without_js = pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])


@both_screens
@with_and_without_js
def test_a_code_from_the_mail_opens_the_page_that_was_asked_for(visit: Visit, counter: Counter, screen: str, js: bool) -> None:
    email = "bob@example.com" if js else "chloe@example.com"
    page = visit(screen, who="", js=js)
    page.goto("/orders?period=2026")
    page.wait_for_url("**/sign-in?next=**")
    mails = len(counter.mails(email))
    page.get_by_role("textbox", name="E-mail address").fill(email.upper())
    page.get_by_role("button", name="Send me a code").click()
    page.wait_for_url("**/sign-in/code")
    expect(page.get_by_text(email)).to_be_visible()
    if js:
        expect(page.locator("#code")).to_be_focused()
    steps.enter_code(page, counter.code_mailed(email, mails))
    page.wait_for_url("**/orders?period=2026")
    assert steps.cards(page).count() > 0
    steps.sign_out(page)
    page.goto("/orders")
    page.wait_for_url("**/sign-in**")


@with_and_without_js
def test_a_wrong_code_is_refused_and_the_right_one_still_good(visit: Visit, counter: Counter, watch: Watch, js: bool) -> None:
    watch.allow("status of 422")
    email, mails = "alice@example.com", len(counter.mails("alice@example.com"))
    page = visit("phone", who="", js=js, locale="en")
    steps.ask_for_code(page, email)
    code = counter.code_mailed(email, mails)
    steps.enter_code(page, "000000" if code != "000000" else "000001")
    field = page.locator("#code")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#code-error")).to_contain_text("That is not the code")
    expect(field).to_have_accessible_description(re.compile("That is not the code"))
    expect(field).to_have_value("")
    steps.enter_code(page, f"{code[:3]} {code[3:]}")
    page.wait_for_url("**/orders")


def test_another_code_can_be_asked_for_after_a_while_and_voids_the_first(visit: Visit, counter: Counter, watch: Watch) -> None:
    watch.allow("status of 422")
    email, mails = "bob@example.com", len(counter.mails("bob@example.com"))
    page = visit(who="")
    page.clock.install()
    steps.ask_for_code(page, email)
    first = counter.code_mailed(email, mails)
    again = page.get_by_role("button", name="Send another code")
    expect(again).to_be_disabled()
    page.clock.fast_forward(31_000)
    page.clock.run_for(31_000)
    expect(again).to_be_enabled()
    again.click()
    second = counter.code_mailed(email, mails + 1)
    page.wait_for_url("**/sign-in/code")
    if first != second:
        steps.enter_code(page, first)
        expect(page.locator("#code-error")).to_contain_text("That is not the code")
    steps.enter_code(page, second)
    page.wait_for_url("**/orders")


def test_an_address_without_an_account_gets_the_same_page(visit: Visit, counter: Counter) -> None:
    page = visit(who="")
    steps.ask_for_code(page, "nobody@example.com")
    unknown = page.locator("#main").inner_text().replace("nobody@example.com", "…")
    steps.ask_for_code(page, "chloe@example.com")
    known = page.locator("#main").inner_text().replace("chloe@example.com", "…")
    seconds = re.compile(r"\(\d+\)")
    assert seconds.sub("", unknown) == seconds.sub("", known)
    assert counter.mails("nobody@example.com")


def test_a_one_time_link_asks_before_it_is_used_and_works_once(visit: Visit, watch: Watch, counter: Counter) -> None:
    watch.allow("status of 410")
    link = counter.command("sign-in-link", "bob@example.com")
    for _ in range(2):  # looking at it does not use it up
        page = visit(who="")
        page.goto(link)
        expect(page.get_by_role("button", name="Sign in as bob@example.com")).to_be_visible()
    page.get_by_role("button", name="Sign in as bob@example.com").click()
    page.wait_for_url("**/orders")
    page = visit(who="")
    page.goto(link)
    expect(page.get_by_role("heading", name="This link is over")).to_be_visible()


def test_signing_out_shows_nothing_of_the_account_on_back(visit: Visit, counter: Counter) -> None:
    page = visit(who="")
    steps.use_link(page, counter.link("chloe@example.com"))
    steps.sign_out(page)
    page.go_back()
    page.wait_for_url("**/sign-in**")
    expect(page.get_by_text("chloe@example.com")).to_have_count(0)


def test_a_session_that_is_over_leads_to_the_sign_in_and_on_to_where_one_was_going(visit: Visit, watch: Watch) -> None:
    watch.allow("status of 401")
    page = visit()
    steps.open_orders(page)
    page.context.clear_cookies()
    page.locator(".chips.roll a", has_text="2025").click()
    page.wait_for_url("**/sign-in?next=/orders%3Fperiod%3D2025")
