"""The three shims for htmx 4.0.1. Each is tried with and without: when htmx can do it alone, its test says that it may go."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from e2e import steps
from e2e.conftest import Visit
from e2e.counter import ROOT

BUNDLE = re.compile(r"/static/js/app\.[0-9a-f]+\.js$")
STATIC = ROOT / "static"


def _without(page: Page, shim: str) -> None:
    """The page gets the one script without that file's text."""
    text = (STATIC / shim).read_text()

    def answer(route: Route) -> None:
        body = route.fetch().text()
        assert text in body, f"{shim} is not in the bundle as it is on the disk"
        route.fulfill(body=body.replace(text, ""), content_type="text/javascript; charset=utf-8")

    page.route(BUNDLE, answer)


def _heard(page: Page) -> None:
    """Notes what becomes of clicks, after all listeners of the page."""
    page.add_init_script("addEventListener('click', (event) => { window.prevented = event.defaultPrevented; });")


@pytest.mark.parametrize("key", ["Control", "Shift"])
@pytest.mark.parametrize(
    "link", [".order-card h3 a", ".choices a[href*=delivered]", "#older a"], ids=["order", "filter", "older"]
)
def test_a_modified_click_opens_the_link_elsewhere(visit: Visit, key: str, link: str) -> None:
    page = visit()
    steps.open_orders(page)
    before = steps.seen(page)
    target = page.locator(link).first.get_attribute("href") or ""
    with page.context.expect_page() as opened:
        page.locator(link).first.click(modifiers=[key])  # type: ignore[list-item]
    opened.value.wait_for_url(f"**{target}")
    expect(opened.value.locator("header.bar")).to_be_visible()
    assert steps.seen(page) == before


def test_htmx_still_swallows_modified_clicks_without_the_shim(visit: Visit) -> None:
    page = visit()
    _without(page, "js/modified_clicks.js")
    _heard(page)
    steps.open_orders(page)
    page.locator(".order-card h3 a").first.click(modifiers=["Control"])
    swallowed = page.evaluate("window.prevented")
    assert swallowed is True, "htmx can do it alone now: remove static/js/modified_clicks.js"
    assert len(page.context.pages) == 1


# As in Safari before 26.2 and in every Firefox, where htmx does not use it.
NO_NAVIGATION_API = "Object.defineProperty(window, 'navigation', { value: undefined });"


def _there_and_back(page: Page) -> tuple[float, float]:
    """How far the list was rolled before an order was opened, and how far it is after Back."""
    page.add_init_script(NO_NAVIGATION_API)
    steps.open_orders(page)
    steps.older(page)
    steps.older(page)
    address = steps.addresses(page)[50]
    page.locator(f".order-card h3 a[href='{address}']").evaluate("(link) => link.scrollIntoView({ block: 'center' })")
    left = page.evaluate("scrollY")
    assert left > 1500
    steps.open_order(page, address.removeprefix("/orders/"))
    steps.until(page, "scrollY === 0")
    steps.settled(page)
    page.go_back()
    expect(steps.cards(page)).to_have_count(60)
    steps.settled(page)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return left, page.evaluate("scrollY")


def test_back_finds_the_place_in_a_browser_without_the_navigation_api(visit: Visit) -> None:
    left, found = _there_and_back(visit())
    assert abs(found - left) <= 2


def _loses_the_place(page: Page) -> bool:
    _without(page, "js/scroll_on_back.js")
    left, found = _there_and_back(page)
    page.close()
    return abs(found - left) > 100


def test_htmx_still_loses_the_place_without_the_shim(visit: Visit) -> None:
    """Not each time: where the list is there again before the browser rolls to where it was, nothing is lost."""
    lost = any(_loses_the_place(visit()) for _attempt in range(5))
    assert lost, "htmx can do it alone now: remove static/js/scroll_on_back.js"


def test_a_page_loads_exactly_one_script(visit: Visit) -> None:
    page = visit()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.resource_type == "script" else None)
    steps.open_orders(page)
    page.goto("/orders/A-10482")
    page.goto("/account")
    assert len(set(asked)) == 1
    assert BUNDLE.search(asked[0])


def test_htmx_still_starts_before_an_extension_in_a_second_deferred_file(visit: Visit) -> None:
    """What the page would be with two scripts: the second waits, as on a bad network, until htmx was seen at work."""
    page = visit()
    second: list[Route] = []

    def two_scripts(route: Route) -> None:
        answer = route.fetch()
        tag = '<script defer src="/static/js/second.js"></script>'
        route.fulfill(response=answer, body=answer.text().replace("</head>", f"{tag}</head>"))

    htmx_alone = STATIC / "vendor/htmx/htmx.min.js"
    page.route(BUNDLE, lambda route: route.fulfill(path=htmx_alone, content_type="text/javascript"))
    page.route("**/static/js/second.js", lambda route: second.append(route))
    page.route("**/account", two_scripts)
    page.goto("/account", wait_until="commit")
    steps.until(page, "document.readyState !== 'loading' && 'htmx' in window")
    started = _within(page, "document.querySelector('[data-htmx-powered]') !== null")
    second[0].fulfill(body="", content_type="text/javascript")
    assert started, "htmx waits for deferred extensions now: one concatenated script (static/js/ORDER) is no longer needed"


def _within(page: Page, script: str) -> bool:
    try:
        return bool(steps.until(page, script, patience=5))
    except AssertionError:
        return False
