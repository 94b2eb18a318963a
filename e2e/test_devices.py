"""Two browsers of one person: one puts the other out, trusts no longer, and reads what happened."""

import re
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from e2e import steps
from e2e.conftest import Visit
from e2e.counter import ROOT, Counter
from e2e.passkey import Authenticator
from e2e.test_passkeys import remove_one
from e2e.watch import Watch

EMAIL = "chloe@example.com"
NOT_BY_ITSELF = "if (window.PublicKeyCredential) PublicKeyCredential.isConditionalMediationAvailable = async () => false"
SAID = {"en": "You are signed out here", "fr": "Vous êtes déconnecté ici"}
ENDED = {"en": "That browser is signed out.", "fr": "Ce navigateur est déconnecté."}


def looks_right(page: Page) -> None:
    steps.settled(page)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def signed_in(visit: Visit, counter: Counter, locale: str = "en", js: bool = True) -> Page:
    """A phone on which Chloé is in, speaking that language."""
    page = visit("phone", who="", locale=locale, js=js)
    steps.use_link(page, counter.command("sign-in-link", EMAIL))
    (session,) = [one["value"] for one in page.context.cookies() if one["name"] == "session"]
    counter.speak(session, locale)
    return page


def only(page: Page) -> None:
    """Whatever other tests have left is signed out."""
    page.goto("/account/devices")
    everywhere = page.locator("form[action='/account/sessions/ending'] button")
    if everywhere.count():
        everywhere.click()
        expect(everywhere).to_have_count(0)


@pytest.mark.parametrize("js", [True, False], ids=["js", "plain"])
@pytest.mark.parametrize("locale", ["en", "fr"])
def test_one_browser_puts_the_other_out_at_its_next_click(
    visit: Visit, watch: Watch, counter: Counter, locale: str, js: bool
) -> None:
    watch.allow("status of 401")
    here = signed_in(visit, counter, locale, js)
    only(here)
    there = signed_in(visit, counter, locale, js)
    there.goto("/orders")
    here.goto("/account/devices")
    expect(here.locator(".devices li")).to_have_count(2)
    expect(here.locator(".devices li").first.locator(".tag")).to_be_visible()
    if js:
        looks_right(here)
    here.locator(".devices li").nth(1).locator("button").click()
    expect(here.locator(".devices li")).to_have_count(1)
    expect(here.locator("#toasts")).to_contain_text(ENDED[locale])
    there.locator(".tabs a[href='/account']").click()
    there.wait_for_url("**/sign-in?next=**")
    expect(there.locator(".notice")).to_contain_text(SAID[locale])
    if js:
        looks_right(there)
    there.reload()
    expect(there.locator("#email")).to_be_visible()


def test_a_double_tap_complains_of_nothing(visit: Visit, counter: Counter) -> None:
    here = signed_in(visit, counter)
    only(here)
    signed_in(visit, counter)
    here.goto("/account/devices")
    here.locator(".devices li").nth(1).locator("button").dblclick()
    expect(here.locator(".devices li")).to_have_count(1)
    expect(here.locator("h1")).to_contain_text("Devices")


def test_what_is_ended_in_one_process_is_over_in_the_other(counter: Counter, doomed: Counter) -> None:
    ends, ended = counter.session(EMAIL), counter.session(EMAIL)
    with httpx.Client(base_url=doomed.url, cookies={"session": ended}) as there:
        assert there.get("/account").status_code == 200
        answer = httpx.post(
            f"{counter.url}/account/sessions/ending", cookies={"session": ends}, headers={"Origin": counter.url}
        )
        assert answer.status_code == 303
        assert there.get("/account").headers["location"].startswith("/sign-in")


@pytest.fixture
def with_passkey(visit: Visit, counter: Counter) -> Iterator[tuple[Page, list[str]]]:
    """Chloé's phone with a passkey, and her recovery codes; gone afterwards."""
    page = visit("phone", who="")
    page.add_init_script(NOT_BY_ITSELF)
    Authenticator(page)
    steps.use_link(page, counter.command("sign-in-link", EMAIL))
    page.goto("/account/passkeys/new")
    page.locator("passkey-button button").click()
    expect(page.locator(".codes")).to_be_visible()
    yield page, page.locator(".codes code").all_text_contents()
    page.goto("/sign-in/second-factor")
    if page.url.endswith("/second-factor"):
        page.locator("passkey-button button").click()
        page.wait_for_url("**/orders")
    page.goto("/account/security")
    remove_one(page)
    expect(page.locator("form[action$='/removal'] button")).to_have_count(0)


def sign_in_by_code(page: Page, counter: Counter) -> None:
    steps.sign_out(page)
    mails = len(counter.mails(EMAIL))
    steps.ask_for_code(page, EMAIL)
    steps.enter_code(page, counter.code_mailed(EMAIL, mails))


def test_trust_taken_away_on_one_browser_brings_the_second_factor_back_on_the_other(
    visit: Visit, counter: Counter, with_passkey: tuple[Page, list[str]]
) -> None:
    here, codes = with_passkey
    there = visit("phone", who="")
    mails = len(counter.mails(EMAIL))
    steps.ask_for_code(there, EMAIL)
    steps.enter_code(there, counter.code_mailed(EMAIL, mails))
    there.wait_for_url("**/sign-in/second-factor")
    there.locator("#code").fill(codes[0])
    there.locator("[name=trust]").check()
    there.locator("form:has(#code) button").click()
    there.wait_for_url("**/orders")
    sign_in_by_code(there, counter)
    there.wait_for_url("**/orders")

    here.goto("/account/devices")
    looks_right(here)
    here.locator("section[aria-labelledby=trusted] form button").first.click()
    expect(here.locator("section[aria-labelledby=trusted]")).to_have_count(0)
    there.reload()
    expect(there.locator("h1")).to_have_text("Orders")
    sign_in_by_code(there, counter)
    there.wait_for_url("**/sign-in/second-factor")


# As many events as one page of the activity holds, made by the verb that makes them all.
MUCH = """
import asyncio
from app import db
from app.events.actions import record

async def happen():
    chloe = await db.one("SELECT id FROM customers WHERE email = {}", "EMAIL")
    for _ in range(31):
        await record("signed_out", customer=chloe["id"], network="192.0.2.1")
    await db.close_pool()

asyncio.run(happen())
""".replace("EMAIL", EMAIL)


def much_happens(counter: Counter) -> None:
    subprocess.run([sys.executable, "-c", MUCH], cwd=ROOT, env=counter.environment, check=True, timeout=60)


def test_the_activity_tells_of_it_and_grows_downwards(visit: Visit, counter: Counter) -> None:
    much_happens(counter)
    page = signed_in(visit, counter)
    page.goto("/account/activity")
    looks_right(page)
    entries = page.locator(".activity li")
    before = entries.count()
    page.locator("#older a").click()
    steps.until(page, "(before) => document.querySelectorAll('.activity li').length > before", before)
    steps.settled(page)
    looks_right(page)
    page.locator(".chips a", has_text="Security").click()
    page.wait_for_url("**/account/activity?about=security")
    expect(page.locator(".chips a[aria-current]")).to_have_text("Security")
    with page.expect_download() as download:
        page.locator("a[href='/account/activity.csv']").click()
    assert re.fullmatch(r"activity\.csv", download.value.suggested_filename)


def test_without_javascript_the_older_page_has_a_way_back(visit: Visit, counter: Counter) -> None:
    much_happens(counter)
    page = signed_in(visit, counter, js=False)
    page.goto("/account/activity")
    page.locator("#older a").click()
    page.wait_for_url("**/account/activity?before=**")
    expect(page.locator("h1")).to_have_text("Activity")
    page.locator("#main a.button[href='/account/activity']").click()
    page.wait_for_url("**/account/activity")
