"""Whole ways of a customer through the account's security, on a phone, in both languages."""

import re

import pytest
from playwright.sync_api import expect

from e2e import steps
from e2e.conftest import Visit
from e2e.counter import Counter
from e2e.passkey import NOT_BY_ITSELF, Authenticator, add, remove_one, use

in_both_languages = pytest.mark.parametrize("locale", ["en", "fr"])


@in_both_languages
def test_a_new_customer_adds_a_passkey_when_asked_and_comes_back_with_two_taps(
    visit: Visit, counter: Counter, email: str, locale: str
) -> None:
    page = visit("phone", who="", locale=locale)
    page.add_init_script(NOT_BY_ITSELF)
    Authenticator(page)
    steps.sign_in(page, counter, email)
    page.wait_for_url("**/orders")
    hint = page.locator("passkey-hint")
    expect(hint).to_be_visible()
    steps.looks_right(page)
    hint.get_by_role("link").click()
    page.wait_for_url("**/account/passkeys/new?next=/orders")
    use(page)
    expect(page.locator(".codes code")).to_have_count(10)
    steps.looks_right(page)
    page.locator("a.button.first").click()
    page.wait_for_url("**/orders")
    expect(page.locator("passkey-hint")).to_have_count(0)
    steps.sign_out(page)
    use(page)  # the second tap is the finger on the sensor
    page.wait_for_url("**/orders")
    expect(steps.cards(page)).to_have_count(1)


def test_whoever_says_not_now_is_left_alone(visit: Visit, counter: Counter, email: str) -> None:
    page = visit("phone", who="")
    page.add_init_script(NOT_BY_ITSELF)
    Authenticator(page)
    steps.sign_in(page, counter, email)
    page.locator("passkey-hint").get_by_role("button").click()
    expect(page.locator("passkey-hint")).to_have_count(0)
    assert page.url.endswith("/orders")
    steps.sign_out(page)
    steps.sign_in(page, counter, email)
    expect(steps.cards(page)).to_have_count(1)
    expect(page.locator("passkey-hint")).to_have_count(0)


def test_a_device_without_a_sensor_is_not_asked(visit: Visit, counter: Counter, email: str) -> None:
    page = visit("phone", who="")
    steps.sign_in(page, counter, email)
    expect(steps.cards(page)).to_have_count(1)
    expect(page.locator("passkey-hint")).to_be_hidden()


@in_both_languages
def test_a_lost_phone_is_replaced_with_a_recovery_code(visit: Visit, counter: Counter, email: str, locale: str) -> None:
    page = visit("phone", who="", locale=locale)
    page.add_init_script(NOT_BY_ITSELF)
    lost = Authenticator(page)
    steps.sign_in(page, counter, email)
    page.wait_for_url("**/orders")
    codes = add(page, "Lost phone")
    lost.remove()
    steps.sign_out(page)
    steps.sign_in(page, counter, email)
    page.wait_for_url("**/sign-in/second-factor")
    steps.looks_right(page)
    page.locator("#code").fill(codes[0].upper())
    page.locator("form:has(#code) button").click()
    page.wait_for_url("**/orders")
    page.goto("/account/security")
    remove_one(page)
    expect(page.get_by_text("Lost phone", exact=True)).to_have_count(0)
    Authenticator(page)
    assert len(add(page, "New phone")) == 10, "with the last factor its codes went, too"
    page.goto("/account/security")
    steps.looks_right(page)


@in_both_languages
def test_this_was_not_me_shuts_everybody_out_until_the_owner_comes_with_a_code(
    visit: Visit, counter: Counter, email: str, locale: str
) -> None:
    own = visit("phone", who="", locale=locale)
    steps.sign_in(own, counter, email)
    own.wait_for_url("**/orders")
    mails = len(counter.mails(email))
    thief = visit("desktop", who="", locale=locale)
    steps.sign_in(thief, counter, email)
    thief.wait_for_url("**/orders")
    alarm = counter.mail_after(email, mails + 1)
    address = re.search(r"http\S+/not-me/\S+", alarm)
    assert address, alarm

    reader = visit("phone", who="", locale=locale)  # the mail is read where nobody is signed in
    reader.goto(address[0])
    steps.looks_right(reader)
    thief.goto("/account")
    assert thief.url.endswith("/account"), "to look at it changes nothing"
    reader.locator("#main form button").click()
    expect(reader.locator("#main form[action*='not-me'], #main .notice, #main h1").first).to_be_visible()
    steps.looks_right(reader)
    for page in (thief, own):
        page.goto("/orders")
        page.wait_for_url("**/sign-in**")
    steps.sign_in(own, counter, email)
    own.wait_for_url("**/orders")


@in_both_languages
def test_a_mail_can_be_asked_whether_it_is_ours(visit: Visit, counter: Counter, email: str, locale: str) -> None:
    page = visit("phone", who="", locale=locale)
    steps.ask_for_code(page, email)
    mail = counter.mail_after(email, 0)
    page.goto("/is-this-from-us")
    steps.looks_right(page)
    page.locator("#main textarea, #main input[name=text]").first.fill(mail)
    page.locator("#main .form button").click()
    expect(page.locator("#main .notice.good")).to_be_visible()
    steps.looks_right(page)
    page.locator("#main textarea, #main input[name=text]").first.fill(mail.replace(counter.url, "https://comptoir.example"))
    page.locator("#main .form button").click()
    expect(page.locator("#main .notice.bad")).to_contain_text("comptoir.example")
    steps.looks_right(page)
