"""English and French: chosen by the browser, at the foot of a page or in the account; then everywhere, dates too."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e import steps
from e2e.amounts import minor
from e2e.conftest import SCREENS, Visit
from e2e.counter import Counter

both_screens = pytest.mark.parametrize("screen", SCREENS)
with_and_without_js = pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
NARROW = "\u202f"  # between thousands in French


def _language(page: Page) -> str:
    return page.locator("html").get_attribute("lang") or ""


def test_a_browser_is_answered_in_its_own_language(visit: Visit) -> None:
    for locale, asked in (("en", "Send me a code"), ("fr", "Recevoir un code")):
        page = visit("phone", who="", locale=locale)
        page.goto("/sign-in")
        assert _language(page) == locale
        expect(page.get_by_role("button", name=asked)).to_be_visible()


@both_screens
@with_and_without_js
def test_signed_out_the_foot_of_the_page_changes_it_and_it_stays(visit: Visit, screen: str, js: bool) -> None:
    page = visit(screen, who="", js=js)
    page.goto("/sign-in")
    page.locator("footer").get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert page.url.endswith("/sign-in")
    expect(page.locator("footer").get_by_role("button", name="Français")).to_have_attribute("aria-current", "true")
    page.goto("/sign-in/password")
    assert _language(page) == "fr"
    page.locator("footer").get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


@both_screens
@with_and_without_js
def test_signed_in_the_account_changes_it_for_every_device(visit: Visit, counter: Counter, screen: str, js: bool) -> None:
    token = counter.session("bob@example.com", "en")
    page = visit(screen, session=token, js=js)
    page.goto("/account/profile")
    page.locator("#locale").select_option("fr")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/account")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    elsewhere = visit(session=counter.session("bob@example.com"))
    elsewhere.goto("/orders")
    assert _language(elsewhere) == "fr"
    counter.speak(token, "en")


def test_the_menu_changes_it_on_the_page_where_one_is_filters_and_all(visit: Visit, counter: Counter) -> None:
    token = counter.session("bob@example.com", "en")
    page = visit(session=token)
    steps.open_orders(page, "?period=2025&state=delivered")
    page.locator(".account-button").click()
    page.locator("#account-menu").get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert page.url.endswith("/orders?period=2025&state=delivered")
    counter.speak(token, "en")


@both_screens
def test_dates_and_amounts_are_written_as_french_does(visit: Visit, screen: str) -> None:
    page = visit(screen, locale="fr")
    page.goto("/orders/spending")
    total = page.locator(".spending .total").first.inner_text()
    assert re.fullmatch(rf"\d{{1,3}}([{NARROW} ]\d{{3}})*,\d\d[\u00a0{NARROW}]€", total), repr(total)
    steps.open_orders(page, "?state=on_the_way")
    weekdays = re.compile("Arrive .*(lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) ")
    assert any(weekdays.match(text) for text in page.locator(".order-card h3").all_inner_texts())
    page.goto("/orders/A-10482")
    assert _language(page) == "fr"
    expect(page.locator(".facts").last).to_contain_text(re.compile(r"\d{1,2} (novembre|octobre|décembre) \d{4}"))
    assert [minor(text) for text in page.locator(".sums .total dd").all_inner_texts()] == [15224]


ENGLISH = re.compile(
    r"\b(the|your|you|orders?|delivered|items? from|sent|parcel|refund(ed)?|nobody|waiting|search|filters?|sign|spent|language|"
    r"password|account|page|archived?|cancelled|show|money|arrives|total tax|what happened|papers|print)\b",
    re.IGNORECASE,
)
# Words of the demo shop's own sellers and carriers, and what both languages write alike.
NOT_OURS = (".title, .titles, .picture, address, .gift, .lines small, [lang], .facts dd, .account-button, .who, .brand, "
            ".sums dt, .page.paper > .stack .stack p:not([class]), .parts")  # fmt: skip


@pytest.mark.parametrize(
    "path",
    ["/orders", "/orders?q=zzz", "/orders?archived=yes", "/orders/A-10482", "/orders/20417.hifi-lambert", "/orders/spending",
     "/account", "/account/profile", "/account/password"],
)  # fmt: skip
def test_no_word_of_english_is_left_on_a_french_page(visit: Visit, path: str) -> None:
    page = visit(locale="fr")
    page.goto(path)
    steps.settled(page)
    words = page.evaluate(
        """(notOurs) => {
          const copy = document.body.cloneNode(true);
          for (const it of copy.querySelectorAll(`script, ${notOurs}`)) it.remove();
          const said = [...copy.querySelectorAll('[aria-label], [placeholder]')].flatMap(
            (it) => [it.getAttribute('aria-label'), it.getAttribute('placeholder')]);
          return [copy.textContent, ...said].filter(Boolean).join(' · ');
        }""",
        NOT_OURS,
    )
    assert not ENGLISH.findall(words), ENGLISH.sub(lambda it: f"»{it[0]}«", " ".join(words.split()))
