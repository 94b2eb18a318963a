"""On the home screen: the browser finds nothing missing, the hint comes to who comes back and never after a no, pulling down
asks anew, and nothing lies under a notch."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserType, Page, expect

from e2e import offline, steps
from e2e.conftest import CHROMIUM, QUIET, SCREENS, Visit
from e2e.counter import Counter
from e2e.watch import Watch

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148"
)
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
ANDROID = "Mozilla/5.0 (Android 16; Mobile; rv:145.0) Gecko/145.0 "
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
KNOWN = {
    IPHONE: "",  # a page inside another app
    f"{IPHONE} Safari/604.1": "apple",
    f"{IPHONE.replace('Version', 'CriOS')} Safari/604.1": "apple",
    f"{MAC}Version/16.6 Safari/605.1.15": "",
    f"{MAC}Version/17.0 Safari/605.1.15": "dock",
    f"{MAC}Chrome/156.0.0.0 Safari/537.36": "computer",
    CHROME: "computer",
    f"{ANDROID}Firefox/145.0": "firefox",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile": "android",
    "Mozilla/5.0 (Linux; Android 10; K; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/156.0.0.0": "",
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0": "firefox-computer",
}
# Three visits: what would take a person days.
BACK = """if (!localStorage.getItem('home-screen')) {
  localStorage.setItem('home-screen', JSON.stringify({ first: Date.now() - 100, visits: 3, counted: Date.now() }));
}"""
STANDALONE = "Object.defineProperty(navigator, 'standalone', { value: true })"
# What Chromium tells a page some time after it came, and what becomes of its question: `outcome`.
ASKS = """(outcome) => {
  const event = new Event('beforeinstallprompt', { cancelable: true });
  let said;
  event.userChoice = new Promise((resolve) => { said = resolve; });
  event.prompt = async () => { window.prompted = (window.prompted ?? 0) + 1; said({ outcome }); };
  dispatchEvent(event);
  window.heldBack = event.defaultPrevented;
}"""
# The colour of the browser's bars, and of the page: red, green, blue, alpha.
GROUNDS = """() => {
  const meta = [...document.querySelectorAll('meta[name=theme-color]')].find((it) => matchMedia(it.media).matches);
  const paper = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  return [meta.content, getComputedStyle(document.body).backgroundColor].map((colour) => {
    paper.fillStyle = colour;
    paper.fillRect(0, 0, 1, 1);
    return [...paper.getImageData(0, 0, 1, 1).data];
  });
}"""
KEPT = "() => JSON.parse(localStorage.getItem('home-screen'))"


@pytest.fixture
def whole_page(browser_type: BrowserType, counter: Counter, email: str, tmp_path: Path) -> Iterator[Page]:
    """Of a browser with a profile of its own, in which something can be installed; somebody new is signed in."""
    own: dict[str, Any] = {"executable_path": str(CHROMIUM)} if CHROMIUM.exists() else {"channel": "chromium"}
    context = browser_type.launch_persistent_context(tmp_path, **own, args=QUIET)
    context.add_cookies([{"name": "session", "value": counter.session(email), "url": counter.url}])
    yield context.new_page()
    context.close()


def test_the_browser_finds_nothing_missing_and_the_app_begins_without_a_network(whole_page: Page, counter: Counter) -> None:
    offline.ready(whole_page, f"{counter.url}/orders")
    cdp = whole_page.context.new_cdp_session(whole_page)
    assert cdp.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    read = cdp.send("Page.getAppManifest")
    assert read["url"].startswith(f"{counter.url}/manifest.webmanifest")
    assert read["errors"] == []
    assert cdp.send("Page.getAppId")["appId"] == f"{counter.url}/"
    offline.seen(whole_page, f"{counter.url}/orders")
    whole_page.context.set_offline(True)
    whole_page.goto(f"{counter.url}/?src=home")
    expect(whole_page.locator(".kept-note")).to_be_visible()
    expect(steps.cards(whole_page).first).to_be_visible()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (f"{IPHONE} Safari/604.1", "Share"), (f"{ANDROID}Firefox/145.0", "Open the menu"),
        (f"{MAC}Version/26.0 Safari/605.1.15", "Add to Dock"),
    ],
)  # fmt: skip
def test_each_browser_has_its_own_words_and_a_no_is_for_good(visit: Visit, agent: str, words: str) -> None:
    page = visit("phone" if "Mobile" in agent else "desktop", user_agent=agent)
    page.add_init_script(BACK)
    page.goto("/arrivals")
    hint = page.locator("home-hint")
    expect(hint.locator("[data-place]:visible")).to_have_count(1)
    expect(hint).to_contain_text(words)
    steps.looks_right(page)
    hint.locator("[data-no]").click()
    expect(hint).to_be_hidden()
    page.goto("/orders/A-10482")
    expect(page.locator("home-hint")).to_be_hidden()


def test_a_browser_is_known_by_what_it_says_of_itself(visit: Visit) -> None:
    """Where there is no way, or only one that is asked for, nothing is said unasked."""
    page = visit(user_agent=CHROME)
    page.add_init_script(BACK)
    page.goto("/arrivals")
    expect(page.locator("home-hint")).to_be_hidden()
    cdp = page.context.new_cdp_session(page)
    for agent, place in KNOWN.items():
        cdp.send("Emulation.setUserAgentOverride", {"userAgent": agent})
        assert page.evaluate("homeScreen.place()") == place, agent


def test_it_comes_to_who_comes_back_and_not_to_an_app(visit: Visit) -> None:
    """On the third visit, or the second day; and of what is remembered nothing is of an account."""
    page = visit("phone", user_agent=f"{IPHONE} Safari/604.1", locale="fr")
    hint = page.locator("home-hint")
    for shown in (False, False, True):
        page.goto("/orders/A-10482")
        expect(hint).to_be_visible() if shown else expect(hint).to_be_hidden()
        page.evaluate("localStorage['home-screen'] = localStorage['home-screen'].replace(/\"counted\":\\d+/, '\"counted\":0')")
    steps.looks_right(page)
    assert {name: type(it) for name, it in page.evaluate(KEPT).items()} == {"first": int, "visits": int, "counted": int}
    yesterday = "() => { localStorage['home-screen'] = JSON.stringify({ first: Date.now() - 86_400_000, visits: 1 }); }"
    page.evaluate(yesterday)
    page.goto("/arrivals")
    expect(hint).to_be_visible()
    with page.expect_response("**/arrivals"):  # the page asks for itself when there is news
        page.evaluate("document.body.dispatchEvent(new CustomEvent('counter-changed', { bubbles: true }))")
    steps.settled(page)
    expect(hint).to_be_visible()
    page.add_init_script(STANDALONE)
    page.goto("/arrivals")
    expect(hint).to_be_hidden()
    page.goto("/account/home-screen")
    expect(page.locator("[data-there]")).to_be_visible()


@pytest.mark.parametrize("outcome", ["dismissed", "accepted"])
def test_the_browsers_own_question_waits_for_a_click(visit: Visit, outcome: str) -> None:
    """It comes when somebody is reading already: they see of it on the next page; and a no to it is a no."""
    page = visit("phone", user_agent=CHROME)
    page.add_init_script(BACK)
    steps.open_orders(page)
    page.evaluate(ASKS, outcome)
    assert page.evaluate("window.heldBack")
    hint = page.locator("home-hint")
    expect(hint).to_be_hidden()
    page.locator(".tabs a[href='/arrivals']").click()
    page.wait_for_url("**/arrivals")
    steps.settled(page)
    expect(hint).to_be_visible()
    expect(hint).to_contain_text("An icon of its own")
    steps.looks_right(page)
    hint.locator("[data-ask]").click()
    steps.until(page, "window.prompted === 1")
    if outcome == "accepted":
        page.evaluate("dispatchEvent(new Event('appinstalled'))")
    expect(hint).to_be_hidden()
    page.goto("/arrivals")
    page.evaluate(ASKS, outcome)
    page.locator(".tabs a[href='/orders']").click()
    page.wait_for_url("**/orders")
    steps.settled(page)
    expect(hint).to_be_hidden()


def test_the_page_knows_this_browser_and_asks_when_it_is_told_to(visit: Visit) -> None:
    page = visit(user_agent=CHROME)
    page.goto("/account")
    page.locator("a[href='/account/home-screen']").click()
    expect(page.locator("home-ways > [data-place]").first).to_have_attribute("data-place", "computer")
    expect(page.locator("[data-here]:visible")).to_have_count(1)
    ask = page.locator("home-ways > [data-ask]")
    expect(ask).to_be_hidden()
    page.evaluate(ASKS, "accepted")
    ask.click()
    expect(ask).to_be_hidden()
    assert page.evaluate("window.prompted") == 1


def test_without_javascript_every_way_is_there(visit: Visit) -> None:
    page = visit("phone", js=False)
    page.goto("/account/home-screen")
    expect(page.locator("home-ways > [data-place]:visible")).to_have_count(6)
    assert page.locator("[data-here]:visible, [data-ask]:visible, [data-there]:visible").count() == 0
    page.goto("/orders")
    expect(page.locator("home-hint")).to_be_hidden()


def test_pulling_down_asks_anew_and_loses_nothing(visit: Visit, watch: Watch) -> None:
    page = visit("phone", reduced_motion="reduce")
    page.add_init_script(STANDALONE)
    page.goto("/account/profile")
    page.locator("#name").fill("Alice Half-typed")
    page.locator("h1").evaluate("(it) => { it.textContent = 'old'; }")
    mark = page.locator("pull-refresh")
    _drag(page, 100)
    expect(mark).to_be_hidden()
    assert page.locator("h1").inner_text() == "old"
    with page.expect_response("**/account/profile"):
        _drag(page, 220, shows=mark)
    expect(page.locator("h1")).to_have_text("Profile")
    expect(page.locator("#name")).to_have_value("Alice Half-typed")
    expect(mark).to_be_hidden()
    watch.allow("net::ERR_", "Failed to fetch")
    page.context.set_offline(True)
    _drag(page, 220, shows=mark)
    expect(page.locator("#toasts .bad")).to_be_visible()
    expect(mark).to_be_hidden()  # and the next time it can be pulled again


def test_only_the_top_of_an_app_of_ios_is_pulled(visit: Visit) -> None:
    page = visit("phone")
    steps.open_orders(page)
    _drag(page, 220)
    expect(page.locator("pull-refresh")).not_to_have_attribute("data-state", re.compile("."))
    page.add_init_script(STANDALONE)
    steps.open_orders(page)
    page.evaluate("scrollTo(0, 900)")
    _drag(page, 300)
    steps.until(page, "scrollY < 900")  # the finger rolls the page, as ever
    expect(page.locator("pull-refresh")).not_to_have_attribute("data-state", re.compile("."))


def _drag(page: Page, far: int, shows: Any = None) -> None:
    """A finger goes down from the bar; `shows` is seen before it lets go."""
    cdp = page.context.new_cdp_session(page)
    for step in range(11):
        point = {"x": 190, "y": 30 + far * step / 10}
        cdp.send("Input.dispatchTouchEvent", {"type": "touchMove" if step else "touchStart", "touchPoints": [point]})
    if shows:
        expect(shows).to_have_attribute("data-state", "ready")
    cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_nothing_lies_under_a_notch_and_the_bars_have_the_pages_colour(visit: Visit) -> None:
    page = visit("phone", reduced_motion="reduce")
    cdp = page.context.new_cdp_session(page)
    cdp.send("Emulation.setSafeAreaInsetsOverride", {"insets": {"top": 47, "bottom": 34, "left": 0, "right": 0}})
    height = SCREENS["phone"]["viewport"]["height"]
    steps.open_orders(page)
    assert _box(page, ".brand")["y"] >= 47
    assert _bottom(page, ".tabs a") <= height - 34
    assert _bottom(page, ".tabs") == height
    steps.open_filters(page)
    assert _bottom(page, "#more-filters footer button") <= height - 34
    page.goto("/orders/A-10482")
    assert _box(page, ".backbar h1")["y"] >= 47
    assert _box(page, ".back")["y"] >= 47
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        told, drawn = page.evaluate(GROUNDS)
        assert all(abs(one - other) <= 1 for one, other in zip(told, drawn, strict=True)), (scheme, told, drawn)


def _box(page: Page, selector: str) -> Any:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box


def _bottom(page: Page, selector: str) -> float:
    box = _box(page, selector)
    return float(box["y"] + box["height"])
