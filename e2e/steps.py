"""What a person does at the counter, in verbs. Every step ends when the page shows that it is done."""

import re
import time
from collections.abc import Callable
from typing import Any

import pyotp
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error, Locator, Page, expect

from e2e.counter import Counter

PATIENCE = 15.0  # seconds
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# `hidden-content` asks for a second look at all that is not in sight, and never says that something is wrong.
AXE = """async ([tags, colours]) => {
  const asked = ({ tags }) => colours === null || tags.includes('cat.color') === colours;
  const wanted = (it) => it.ruleId !== 'hidden-content' && asked(it);
  const rules = axe.getRules(tags).filter(wanted).map((it) => it.ruleId);
  return (await axe.run({ runOnly: { type: 'rule', values: rules }, resultTypes: ['violations'] })).violations;
}"""
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


def until(page: Page, script: str, argument: Any = None, patience: float = PATIENCE) -> Any:
    """The first truthy value of an expression. (Playwright's own waiting needs eval, which our policy forbids.)"""
    end = time.monotonic() + patience
    while True:
        if found := _asked(page, script, argument):
            return found
        assert time.monotonic() < end, f"never came true: {script} {argument or ''} at {page.url}"
        page.wait_for_timeout(20)


def until_so(page: Page, holds: Callable[[], bool], patience: float = PATIENCE) -> None:
    """What the page does goes on meanwhile, and so do the events that Playwright tells of."""
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end, f"it did not come at {page.url}"
        page.wait_for_timeout(20)


def _asked(page: Page, script: str, argument: Any) -> Any:
    """Nothing while the page is being left."""
    try:
        return page.evaluate(script, argument)
    except Error as error:
        if "context was destroyed" not in error.message:
            raise
        return None


def go(page: Page, address: str) -> None:
    """Where a page may be leaving by itself just then (its session is over, say), once more."""
    try:
        page.goto(address)
    except Error as error:
        if not re.search("interrupted by another navigation|ERR_ABORTED", error.message):
            raise
        page.goto(address)


def settled(page: Page) -> None:
    """It is all there and laid out, no request of htmx is under way and no view transition runs."""
    until(
        page,
        "document.readyState === 'complete'"
        " && !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added, [data-arriving]')"
        " && !document.getAnimations().some((it) => it.effect?.pseudoElement?.startsWith('::view-transition'))",
    )


def inaccessible(page: Page, colours: bool | None = None) -> list[str]:
    """What axe finds on the whole page; only in its `colours`, for nothing else differs between light and dark; or in all
    but those, which are the same in every language, and take half of the time."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [
        f"{one['id']}: {one['help']}: {node['target']} {node.get('failureSummary', '')[:300]}"
        for one in page.evaluate(AXE, [RULES, colours])
        for node in one["nodes"][:3]
    ]


def looks_right(page: Page) -> None:
    """Accessible, and no wider than the screen."""
    settled(page)
    assert inaccessible(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def news_arrives(page: Page, unread: int, leading_to: str = "/") -> Locator:
    """The worker has told of it: so many are unread in the list, at least. Their buttons."""
    news = page.locator(f"#notifications li.unread form:has([name=back][value^='{leading_to}']) button")
    end = time.monotonic() + PATIENCE
    while True:
        page.goto("/notifications")
        if news.count() >= unread:
            return news
        assert time.monotonic() < end, "nobody was told"
        page.wait_for_timeout(100)


def open_orders(page: Page, query: str = "") -> None:
    page.goto(f"/orders{query}")
    expect(page.locator("h1")).to_be_visible()


def cards(page: Page) -> Locator:
    return page.locator(".order-card")


def addresses(page: Page) -> list[str]:
    """The orders in the list, top to bottom."""
    return page.locator(".order-card h3 a").evaluate_all("(links) => links.map((link) => link.pathname)")


def small_prints(page: Page) -> list[str]:
    return [text.replace("\xa0", " ") for text in page.locator(".order-card .foot p").all_text_contents()]


def search_for(page: Page, words: str) -> None:
    """Typed, as with JavaScript; done when the address says so."""
    page.locator("#q").fill("")
    page.locator("#q").press_sequentially(words, delay=25)
    until(page, "(words) => new URLSearchParams(location.search).get('q') === words", words)
    settled(page)


def send_search(page: Page, words: str) -> None:
    """Filled in and sent with Enter, as without JavaScript."""
    page.locator("#q").fill(words)
    with page.expect_navigation():
        page.locator("#q").press("Enter")


def choose_period(page: Page, label: str) -> None:
    _choose(page, page.locator(".chips.roll a", has_text=re.compile(f"^{label}$")))


def choose_filter(page: Page, label: str) -> None:
    """A state, a seller or the archive: in the sheet on a phone, at the side on a desktop."""
    open_filters(page)
    _choose(page, page.locator(".choices a", has_text=re.compile(f"^{re.escape(label)}$")))


def open_filters(page: Page) -> None:
    more = page.locator(".more")
    if more.is_visible() and not page.locator("#more-filters").is_visible():
        more.click()
        expect(page.locator("#more-filters footer button")).to_be_in_viewport()


def close_filters(page: Page) -> None:
    button = page.locator("#more-filters footer button")
    if button.is_visible():
        button.click()
        expect(page.locator("#more-filters")).to_be_hidden()


def _choose(page: Page, link: Locator) -> None:
    """Followed; done when the page marks it as chosen, or no longer."""
    was, target = link.get_attribute("aria-current"), link.get_attribute("href")
    link.click()
    page.wait_for_url(f"**{target}")
    expect(link).not_to_have_attribute("aria-current", "true") if was else expect(link).to_have_attribute(
        "aria-current", "true"
    )
    if page.evaluate("() => 'htmx' in window"):
        settled(page)


def seen(page: Page) -> dict[str, Any]:
    """The page as a person sees it: its address, what it says is chosen, the search field and the list."""
    marked = page.locator(".filters [aria-current]:not(#spending *)")
    return {
        "address": page.url,
        "marked": marked.evaluate_all("(links) => links.map((link) => link.textContent.trim())"),
        "search": page.locator("#q").input_value(),
        "heading": page.locator("h1").inner_text(),
        "count": page.locator("#order-count").inner_text(),
        "orders": addresses(page),
        "empty": page.locator(".empty h2").all_text_contents(),
    }


def goes_back_to(page: Page, known: dict[str, Any]) -> None:
    page.go_back()
    _shows(page, known)


def goes_forward_to(page: Page, known: dict[str, Any]) -> None:
    page.go_forward()
    _shows(page, known)


def _shows(page: Page, known: dict[str, Any]) -> None:
    """All of it at once: an address that runs ahead of its list for good would be a lie."""
    end = time.monotonic() + PATIENCE
    while (now := seen(page)) != known and time.monotonic() < end:
        page.wait_for_timeout(20)
    assert now == known


def older(page: Page) -> None:
    """The next orders, put below those that are there."""
    before = cards(page).count()
    page.locator("#older a").click()
    until(page, "(before) => document.querySelectorAll('.order-card').length > before", before)
    settled(page)


def open_order(page: Page, address: str) -> None:
    page.locator(f".order-card h3 a[href='/orders/{address}']").click()
    page.wait_for_url(f"**/orders/{address}")
    expect(page.locator(".page.paper")).to_be_visible()


def article(page: Page, address: str) -> Locator:
    """An order in the list, as a card or put away."""
    return page.locator("#order-list article", has=page.locator(f"form[action='/orders/{address}/archiving']"))


def ask_for_code(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.get_by_role("textbox").fill(email)
    page.locator("#main .form button.first").click()
    page.wait_for_url("**/sign-in/code")


def enter_code(page: Page, code: str) -> None:
    page.locator("#code").fill(code)
    page.locator("#main .form button.first").click()


def sign_in(page: Page, counter: Counter, email: str) -> None:
    """By code, as far as that leads: to the orders or a second factor."""
    mails = len(counter.mails(email))
    ask_for_code(page, email)
    enter_code(page, counter.code_mailed(email, mails))


def sign_out(page: Page) -> None:
    page.goto("/account")
    page.locator("#main form[action='/sign-out'] button").click()
    page.wait_for_url("**/sign-in")


def use_link(page: Page, link: str) -> None:
    """A one-time link: it shows whom it lets in, one button does it."""
    go(page, link)
    page.locator("#main .form button.first").click()
    page.wait_for_url("**/orders")


def set_password(page: Page, password: str) -> None:
    page.locator("#new_password").fill(password)
    page.locator("#main .form button.first").click()


def typed_password_is(page: Page, word: str) -> None:
    """Done when the meter has come round to it."""
    expect(page.locator("[data-said] strong")).to_have_text(word)


def ask_for_link(page: Page, email: str) -> None:
    """From the page of the password, where the address was typed already."""
    page.goto("/sign-in/password")
    page.locator("#email").fill(email)
    page.locator("button[formaction='/sign-in/password/forgotten']").click()
    page.wait_for_url("**/sign-in/password/forgotten")
    expect(page.locator("#email")).to_have_value(email)
    page.locator("#main .form button.first").click()
    page.wait_for_url("**/sign-in/password/sent")


def find_order(page: Page, query: str, text: str) -> str:
    """The path of the first order that a search finds and whose card holds a text."""
    open_orders(page, query)
    path = cards(page).filter(has_text=text).first.locator("h3 a").get_attribute("href")
    assert path
    return path


def go_as_mo(page: Page, counter: Counter, path: str) -> None:
    """To a page of his desk that wants a fresh factor, which he shows where he is asked."""
    page.goto(path)
    if "/account/proof" in page.url:
        page.locator("#proof_authenticator").fill(pyotp.TOTP(counter.key_of_mo).now())
        page.locator("form:has(#proof_authenticator) button").click()
        page.wait_for_url(f"**{path}")
