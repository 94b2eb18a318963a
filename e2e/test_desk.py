"""A merchant's people on a phone: from a first sign-in with a link to the desk, to a colleague and a key."""

import re
from itertools import count

import pyotp
import pytest
from playwright.sync_api import Page, expect

from e2e import steps
from e2e.conftest import ZONES, Visit
from e2e.counter import Counter
from e2e.passkey import Authenticator
from e2e.watch import Watch

DESK = "/desk/alpages"
_number = count()


def somebody(counter: Counter, role: str = "owner") -> str:
    """A new person at the desk; nobody else's factors are in the way."""
    email = f"person-{next(_number)}@alpages.example"
    counter.command("member", "add", email, "alpages", "--role", role)
    return email


def add_passkey(page: Page) -> None:
    page.locator("a[href^='/account/passkeys/new']").click()
    page.locator("passkey-button button").click()
    page.locator("#main a.button.first").click()


def at_the_desk(page: Page, counter: Counter, email: str) -> None:
    """Signed in, with a passkey that the desk has asked for."""
    Authenticator(page)
    steps.use_link(page, counter.link(email))
    page.goto("/desk")
    add_passkey(page)
    page.wait_for_url(f"**{DESK}")


@pytest.mark.parametrize("locale", ZONES)
def test_from_the_first_sign_in_to_a_colleague_and_a_key(visit: Visit, counter: Counter, watch: Watch, locale: str) -> None:
    watch.allow("status of 403")
    page = visit("phone", who="", locale=locale)
    email = somebody(counter)
    Authenticator(page)
    steps.use_link(page, counter.link(email))
    page.goto("/account")
    page.locator(f"a[href='{DESK}']").click()
    page.wait_for_url(f"**{DESK}")
    steps.looks_right(page)
    add_passkey(page)
    page.wait_for_url(f"**{DESK}")
    expect(page.locator(".bar .brand")).to_have_text("Alpages")
    steps.looks_right(page)

    page.locator(f"#main a[href='{DESK}/people']").click()
    page.wait_for_url(f"**{DESK}/people")
    expect(page.locator(".tabs [aria-current]")).to_have_attribute("href", DESK)
    page.locator(f"a[href='{DESK}/people/new']").click()
    colleague = f"colleague-{next(_number)}@example.com"
    page.locator("#email").fill(colleague)
    steps.looks_right(page)
    page.locator("#main .form button.first").click()
    page.wait_for_url(f"**{DESK}/people")
    expect(page.locator("#main .rows")).to_contain_text(colleague)
    counter.mail_after(colleague, 0)

    page.locator(f".tabs a[href='{DESK}']").click()
    page.locator(f"#main a[href='{DESK}/keys']").click()
    page.wait_for_url(f"**{DESK}/keys")
    page.locator(f"#main a[href='{DESK}/keys/new']").click()
    page.locator("#name").fill("Entrepôt / warehouse")
    page.locator("#main .form button.first").click()
    expect(page.locator("#key")).to_have_text(re.compile(r"ck_[\w-]{40,}"))
    steps.looks_right(page)
    page.locator("#main a.button.first").click()
    expect(page.locator("#main .rows").first).to_contain_text("Entrepôt / warehouse")
    page.locator(".tabs a[href='/account']").click()
    expect(page.locator(".tabs a[href='/orders']")).to_be_visible()
    page.locator(f"a[href='{DESK}']").click()
    expect(page.locator(f".tabs a[href='{DESK}'][aria-current]")).to_be_visible()


def test_the_key_is_copied_with_one_tap(visit: Visit, counter: Counter, watch: Watch) -> None:
    watch.allow("status of 403")
    page = visit("phone", who="", permissions=["clipboard-read", "clipboard-write"])
    at_the_desk(page, counter, somebody(counter))
    page.goto(f"{DESK}/keys/new")
    page.locator("#name").fill("Shop")
    page.locator("#main .form button.first").click()
    key = page.locator("#key").text_content()
    page.locator("copy-button button").click()
    expect(page.locator("copy-button [role=status]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == key


def test_a_desk_left_open_asks_for_the_passkey_and_what_was_typed_goes_on(visit: Visit, counter: Counter, watch: Watch) -> None:
    watch.allow("status of 403")
    page = visit("phone", who="")
    email = somebody(counter)
    at_the_desk(page, counter, email)
    page.goto(f"{DESK}/people/new")
    colleague = f"colleague-{next(_number)}@example.com"
    page.locator("#email").fill(colleague)
    counter.change(
        "UPDATE sessions SET factor_at = '2026-01-01 00:00:00+00:00' "
        f"WHERE customer = (SELECT id FROM customers WHERE email = '{email}')"
    )
    page.locator("#main .form button.first").click()
    expect(page.locator("h1")).to_have_text("Is it you?")
    steps.looks_right(page)
    page.locator("passkey-button button").click()
    page.wait_for_url(f"**{DESK}/people")
    expect(page.locator("#main .rows")).to_contain_text(colleague)


def test_without_javascript_an_app_opens_the_desk(visit: Visit, counter: Counter, watch: Watch) -> None:
    watch.allow("status of 403")
    page = visit("phone", who="", js=False)
    steps.use_link(page, counter.link(somebody(counter)))
    page.goto(f"{DESK}/people")
    page.locator("a[href^='/account/authenticator']").click()
    key = (page.locator(".key code").text_content() or "").replace(" ", "")
    page.locator("#code").fill(pyotp.TOTP(key).now())
    page.locator("form:has(#code) button").click()
    page.locator("#main a.button.first").click()
    page.wait_for_url(f"**{DESK}/people")
    page.locator(f"#main a[href='{DESK}/people/new']").click()
    colleague = f"colleague-{next(_number)}@example.com"
    page.locator("#email").fill(colleague)
    page.locator("#role").select_option("owner")
    page.locator("#main .form button.first").click()
    row = page.locator("#main .rows > li", has_text=colleague)
    row.locator("summary").click()
    row.locator("form[action$='/removal'] button").click()
    page.wait_for_url(f"**{DESK}/people")
    expect(page.locator("#main .rows")).not_to_contain_text(colleague)


def test_agents_look_and_change_nothing(visit: Visit, counter: Counter, watch: Watch) -> None:
    watch.allow("status of 403")
    page = visit("phone", who="")
    at_the_desk(page, counter, somebody(counter, "agent"))
    for path in ("people", "keys", "return-rules"):
        page.goto(f"{DESK}/{path}")
        steps.looks_right(page)
        expect(page.locator("#main form, #main a.button")).to_have_count(0)
    page.goto(f"{DESK}/keys/new")
    expect(page.locator("h1")).to_have_text("Only owners can do that")
    steps.looks_right(page)
    page.locator("#main a.button.first").click()
    page.wait_for_url(f"**{DESK}")
