"""A password of one's own and a forgotten one, on a phone: the meter advises, the form says the same without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from e2e import steps
from e2e.conftest import Visit
from e2e.counter import Counter
from e2e.watch import Watch

PASSWORD = "four words of some length"
with_and_without_js = pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])


@with_and_without_js
def test_a_password_can_be_set_used_and_mistyped(visit: Visit, watch: Watch, counter: Counter, email: str, js: bool) -> None:
    watch.allow("status of 422")
    page = visit(who="", js=js)
    steps.use_link(page, counter.link(email))
    page.goto("/account/password")
    steps.set_password(page, "short")
    expect(page.locator("#new_password-error")).to_be_visible()
    steps.set_password(page, PASSWORD)
    page.wait_for_url("**/account")
    expect(page.locator("#toasts")).to_contain_text("Your password is set")
    steps.sign_out(page)
    page.locator("#email").fill(email)
    page.get_by_role("button", name="Use my password").click()
    page.wait_for_url("**/sign-in/password")
    expect(page.locator("#email")).to_have_value(email)
    expect(page.locator(".field.wrong, [aria-invalid=true]")).to_have_count(0)
    page.locator("#password").fill("four words of other length")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#password-error")).to_contain_text("do not belong together")
    expect(page.locator("#email")).to_have_value(email)
    expect(page.locator("#password")).to_have_value("")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/orders")


def test_the_meter_advises_while_a_password_is_typed(visit: Visit, counter: Counter, email: str) -> None:
    page = visit("phone", who="")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    steps.use_link(page, counter.link(email))
    page.goto("/account/password")
    field = page.locator("#new_password")
    field.press_sequentially("qwertyuiop", delay=15)
    steps.typed_password_is(page, "Very weak.")
    expect(page.locator("[data-said]")).to_contain_text("stolen most often elsewhere")
    expect(page.locator("[data-said]")).to_have_attribute("aria-live", "polite")
    field.fill("teapot1987")
    steps.typed_password_is(page, "Weak.")
    expect(page.locator("[data-said]")).to_contain_text("Add another word or two")
    field.press_sequentially(" on the balcony rail", delay=15)
    steps.typed_password_is(page, "Very strong.")
    expect(page.locator("#strength[data-good]")).to_be_visible()
    field.fill("")
    expect(page.locator("[data-said] > *")).to_have_count(0)
    measured = [url for url in asked if url.endswith("/account/password/strength")]
    assert 3 <= len(measured) <= 8, "asked when the fingers rest, not at every key"
    assert not [url for url in asked if "qwerty" in url or "teapot1987" in url]


def test_the_meter_is_silent_without_a_connection(visit: Visit, counter: Counter, email: str, watch: Watch) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED")
    page = visit("phone", who="")
    steps.use_link(page, counter.link(email))
    page.goto("/account/password")
    page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        page.locator("#new_password").fill("teapot1987")
    expect(page.locator("[data-said] > *")).to_have_count(0)
    expect(page.locator("#toasts > *")).to_have_count(0)
    page.context.set_offline(False)
    page.locator("#new_password").fill(PASSWORD)
    steps.typed_password_is(page, "Very strong.")


def test_what_is_typed_can_be_looked_at_and_is_sent_as_a_password(visit: Visit, watch: Watch) -> None:
    watch.allow("status of 422")
    page = visit("phone", who="")
    page.goto("/sign-in/password")
    field, button = page.locator("#password"), page.get_by_role("button", name="Show the password")
    page.locator("#email").fill("nobody@example.com")
    field.fill("not the right one")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(field).to_have_attribute("type", "text")
    button.press("Enter")
    expect(field).to_have_attribute("type", "password")
    button.click()
    page.evaluate("document.querySelector('#main form').addEventListener('submit', (event) => event.preventDefault())")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(field).to_have_attribute("type", "password")


@with_and_without_js
def test_from_a_forgotten_password_to_a_new_one_and_in(
    visit: Visit, counter: Counter, watch: Watch, email: str, js: bool
) -> None:
    watch.allow("status of 422", "status of 410")
    page = visit("phone", who="", js=js)
    steps.ask_for_link(page, email)
    link = counter.link_mailed(email, "/sign-in/password/new/")
    page.goto(link)
    expect(page.get_by_text(email)).to_be_visible()
    steps.set_password(page, "neuf1987neuf")
    expect(page.locator("#new_password-error")).to_contain_text("Your name, your e-mail address")
    expect(page.locator("#new_password")).to_have_value("")
    page.locator("#new_password").fill("a kite above the old lamp")
    if js:
        steps.typed_password_is(page, "Very strong.")
    page.get_by_role("button", name="Save and sign in").click()
    page.wait_for_url("**/orders")
    expect(page.locator("#toasts")).to_contain_text("Your new password is set")
    steps.sign_out(page)
    _sign_in(page, email, "a kite above the old lamp")
    page.goto(link)
    expect(page.get_by_role("heading", name="This link is over")).to_be_visible()
    page.get_by_role("link", name="Send me another link").click()
    page.wait_for_url("**/sign-in/password/forgotten")


def _sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/sign-in/password")
    page.locator("#email").fill(email)
    page.locator("#password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/orders")
