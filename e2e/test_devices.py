"""Two browsers of one person: one puts the other out, trusts no longer, and reads what happened."""

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from e2e import steps
from e2e.conftest import Visit
from e2e.counter import Counter
from e2e.passkey import Authenticator, add
from e2e.watch import Watch

SAID = {"en": "You are signed out here", "fr": "Vous êtes déconnecté ici"}
ENDED = {"en": "That browser is signed out.", "fr": "Ce navigateur est déconnecté."}


def signed_in(visit: Visit, counter: Counter, email: str, **how: Any) -> Page:
    """A phone on which somebody is in."""
    page = visit("phone", who="", **how)
    steps.use_link(page, counter.link(email))
    return page


@pytest.mark.parametrize("js", [True, False], ids=["js", "plain"])
@pytest.mark.parametrize("locale", ["en", "fr"])
def test_one_browser_puts_the_other_out_at_once_or_at_its_next_click(
    visit: Visit, watch: Watch, counter: Counter, email: str, locale: str, js: bool
) -> None:
    watch.allow("status of 401")
    here = signed_in(visit, counter, email, locale=locale, js=js)
    there = signed_in(visit, counter, email, locale=locale, js=js)
    there.goto("/orders")
    here.goto("/account/devices")
    expect(here.locator(".devices li")).to_have_count(2)
    expect(here.locator(".devices li").first.locator(".tag")).to_be_visible()
    if js:
        steps.looks_right(here)
    here.locator(".devices li").nth(1).locator("button").click()
    expect(here.locator(".devices li")).to_have_count(1)
    expect(here.locator("#toasts")).to_contain_text(ENDED[locale])
    if not js:  # else the page has heard of it
        there.locator(".tabs a[href='/account']").click()
    there.wait_for_url("**/sign-in?next=**")
    expect(there.locator(".notice")).to_contain_text(SAID[locale])
    if js:
        steps.looks_right(there)
    there.reload()
    expect(there.locator("#email")).to_be_visible()


def test_a_double_tap_complains_of_nothing(visit: Visit, counter: Counter, email: str) -> None:
    here = signed_in(visit, counter, email)
    signed_in(visit, counter, email)
    here.goto("/account/devices")
    here.locator(".devices li").nth(1).locator("button").dblclick()
    expect(here.locator(".devices li")).to_have_count(1)
    expect(here.locator("h1")).to_contain_text("Devices")


def test_what_is_ended_in_one_process_is_over_in_the_other(counter: Counter, doomed: Counter, email: str) -> None:
    ends, ended = counter.session(email), counter.session(email)
    with httpx.Client(base_url=doomed.url, cookies={"session": ended}) as there:
        assert there.get("/account").status_code == 200
        answer = httpx.post(
            f"{counter.url}/account/sessions/ending", cookies={"session": ends}, headers={"Origin": counter.url}
        )
        assert answer.status_code == 303
        assert there.get("/account").headers["location"].startswith("/sign-in")


def test_trust_taken_away_on_one_browser_brings_the_second_factor_back_on_the_other(
    visit: Visit, counter: Counter, email: str
) -> None:
    here, there = signed_in(visit, counter, email), visit("phone", who="")
    Authenticator(here)
    codes = add(here)
    steps.sign_in(there, counter, email)
    there.wait_for_url("**/sign-in/second-factor")
    there.locator("#code").fill(codes[0])
    there.locator("[name=trust]").check()
    there.locator("form:has(#code) button").click()
    there.wait_for_url("**/orders")
    steps.sign_out(there)
    steps.sign_in(there, counter, email)
    there.wait_for_url("**/orders")

    here.goto("/account/devices")
    steps.looks_right(here)
    here.locator("section[aria-labelledby=trusted] form button").first.click()
    expect(here.locator("section[aria-labelledby=trusted]")).to_have_count(0)
    there.reload()
    expect(there.locator("h1")).to_have_text("Orders")
    steps.sign_out(there)
    steps.sign_in(there, counter, email)
    there.wait_for_url("**/sign-in/second-factor")


def test_the_activity_tells_of_it_and_grows_downwards(visit: Visit, counter: Counter, email: str) -> None:
    counter.beside("sign_out_often", email=email)
    page = signed_in(visit, counter, email)
    page.goto("/account/activity")
    steps.looks_right(page)
    entries = page.locator(".activity li")
    before = entries.count()
    page.locator("#older a").click()
    steps.until(page, "(before) => document.querySelectorAll('.activity li').length > before", before)
    steps.settled(page)
    steps.looks_right(page)
    page.locator(".chips a", has_text="Security").click()
    page.wait_for_url("**/account/activity?about=security")
    expect(page.locator(".chips a[aria-current]")).to_have_text("Security")
    with page.expect_download() as download:
        page.locator("a[href='/account/activity.csv']").click()
    assert re.fullmatch(r"activity\.csv", download.value.suggested_filename)


def test_without_javascript_the_older_page_has_a_way_back(visit: Visit, counter: Counter, email: str) -> None:
    counter.beside("sign_out_often", email=email)
    page = signed_in(visit, counter, email, js=False)
    page.goto("/account/activity")
    page.locator("#older a").click()
    page.wait_for_url("**/account/activity?before=**")
    expect(page.locator("h1")).to_have_text("Activity")
    page.locator("#main a.button[href='/account/activity']").click()
    page.wait_for_url("**/account/activity")
