"""Passkeys in a real browser, with authenticators that it plays: added, used second or alone, lost and replaced."""

import pytest
from playwright.sync_api import Page, expect

from e2e import steps
from e2e.conftest import Visit
from e2e.counter import Counter
from e2e.passkey import NOT_BY_ITSELF, Authenticator, add, use
from e2e.watch import Watch


@pytest.fixture
def page(visit: Visit, counter: Counter, email: str) -> Page:
    """A newcomer's phone, on which they have just signed in."""
    page = visit("phone", who="")
    page.add_init_script(NOT_BY_ITSELF)
    steps.use_link(page, counter.link(email))
    return page


def test_from_a_first_passkey_to_signing_in_with_two_taps(page: Page) -> None:
    phone = Authenticator(page)
    codes = add(page, "Nina's phone")
    assert len(codes) == 10
    steps.looks_right(page)
    page.goto("/account/security")
    expect(page.get_by_text("Nina's phone", exact=True)).to_be_visible()
    steps.looks_right(page)
    assert phone.credentials[0]["isResidentCredential"] is True

    steps.sign_out(page)
    use(page)
    page.wait_for_url("**/orders")


def test_what_the_browser_fills_in_signs_in(page: Page) -> None:
    phone = Authenticator(page)
    add(page, "Phone")
    page.add_init_script("delete PublicKeyCredential.isConditionalMediationAvailable")
    page.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = async () => true")
    page.goto("/account")
    page.locator("#main form[action='/sign-out'] button").click()
    page.wait_for_url("**/orders")
    assert len(phone.credentials) == 1


def test_after_the_code_the_passkey_is_asked_for(page: Page, counter: Counter, email: str) -> None:
    Authenticator(page, hasResidentKey=False, transport="usb")
    add(page, "Key on the ring")
    steps.sign_out(page)
    steps.sign_in(page, counter, email)
    page.wait_for_url("**/sign-in/second-factor")
    steps.looks_right(page)
    page.goto("/orders")
    page.wait_for_url("**/sign-in**")
    page.goto("/sign-in/second-factor")
    use(page)
    page.wait_for_url("**/orders")


def test_a_code_goes_while_the_passkey_is_still_waited_for(page: Page, counter: Counter, email: str) -> None:
    slow = Authenticator(page)
    codes = add(page, "Phone in the other room")
    steps.sign_out(page)
    steps.sign_in(page, counter, email)
    page.wait_for_url("**/sign-in/second-factor")
    slow.send("setAutomaticPresenceSimulation", enabled=False)
    with page.expect_response("**/sign-in/second-factor/options"):
        use(page)
    page.locator("#code").fill(codes[0])
    page.locator("form:has(#code) button").click()
    page.wait_for_url("**/orders")


def test_one_box_trusts_the_browser_by_either_way(page: Page, counter: Counter, email: str) -> None:
    Authenticator(page)
    add(page, "Phone")
    steps.sign_out(page)
    steps.sign_in(page, counter, email)
    page.locator("[name=trust]").check()  # strict: there is one
    use(page)
    page.wait_for_url("**/orders")
    steps.sign_out(page)
    steps.sign_in(page, counter, email)
    page.wait_for_url("**/orders")


def test_a_person_who_was_not_verified_is_refused(page: Page) -> None:
    phone = Authenticator(page)
    add(page, "Phone")
    steps.sign_out(page)
    phone.send("setUserVerified", isUserVerified=False)
    use(page)
    expect(page.locator("passkey-button [data-said]")).to_be_visible()
    phone.send("setUserVerified", isUserVerified=True)
    use(page)
    page.wait_for_url("**/orders")


@pytest.mark.parametrize("bits", ["isBogusSignature", "isBadUV"])
def test_a_false_answer_is_refused_by_the_server(page: Page, watch: Watch, bits: str) -> None:
    watch.allow("status of 422")
    phone = Authenticator(page)
    add(page, "Phone")
    steps.sign_out(page)
    phone.send("setResponseOverrideBits", **{bits: True})
    use(page)
    expect(page.locator(".notice.bad")).to_be_visible()
    phone.send("setResponseOverrideBits", isBogusSignature=False, isBadUV=False, isBadUP=False)
    use(page)
    page.wait_for_url("**/orders")


def test_the_same_phone_is_not_added_twice(page: Page) -> None:
    Authenticator(page)
    add(page, "Phone")
    page.goto("/account/passkeys/new")
    use(page)
    expect(page.locator("passkey-button [data-said]")).to_be_visible()


def test_the_e_mail_field_offers_passkeys(visit: Visit) -> None:
    page = visit("phone", who="")
    page.goto("/sign-in")
    expect(page.locator("#email")).to_have_attribute("autocomplete", "username webauthn")
    expect(page.locator("passkey-button[autofill]")).to_be_visible()


def test_without_javascript_there_is_no_button_that_does_nothing(visit: Visit) -> None:
    page = visit("phone", who="", js=False)
    page.goto("/sign-in")
    expect(page.locator("passkey-button")).to_be_hidden()
