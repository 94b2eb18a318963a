"""News on the screen: a click subscribes, a message arrives that only this browser can read, the worker shows it, its click
opens the right page; and each state of the switch, in words."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from e2e import steps
from e2e.conftest import Visit
from e2e.counter import Counter
from e2e.push_sink import Sink

DEVICES = "/account/notifications/devices"
SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications()).map((it) => (
  { title: it.title, body: it.body, tag: it.tag, icon: it.icon, renotify: it.renotify, data: it.data }))"""

# Asking for the notifications again and again is no way to wait: Chromium then forgets one that is stored and not yet shown.
COUNT_WHAT_IS_SHOWN = """() => {
  self.shown = 0;
  const show = registration.showNotification.bind(registration);
  registration.showNotification = async (...about) => { await show(...about); self.shown += 1; };
}"""


@pytest.fixture(scope="module")
def browser(whole_browser: Browser) -> Browser:
    return whole_browser


@pytest.fixture
def sink() -> Iterator[Sink]:
    made = Sink()
    yield made
    made.stop()


@pytest.mark.parametrize(("locale", "works"), [("en", "It works"), ("fr", "Ça marche")])
@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_a_click_subscribes_and_a_test_arrives(
    visit: Visit, counter: Counter, sink: Sink, screen: str, locale: str, works: str
) -> None:
    page = visit(screen, locale=locale, permissions=["notifications"], worker=True)
    sink.lend(page.context)
    page.goto(DEVICES)
    switch = page.locator("push-switch")
    expect(switch.locator("[data-state=off] button")).to_be_visible()
    steps.looks_right(page)
    switch.locator("[data-state=off] button").click()
    expect(switch.locator("[data-state=on]")).to_be_visible()
    expect(page.locator(".rows .tag.good")).to_have_count(1)
    steps.looks_right(page)
    page.locator("form[action$='/test'] button").first.click()
    expect(page.locator(".toast.good")).to_contain_text("Chrom")
    told = sink.opened(page)
    assert told["notification"]["title"] == works
    assert told["notification"]["navigate"] == f"{counter.url}{DEVICES}"
    assert told["notification"]["lang"] == locale
    page.locator("details.changes summary").last.click()
    page.locator("form[action$='/removal'] button").first.click()
    expect(page.locator("form[action$='/removal']")).to_have_count(0)
    expect(switch.locator("[data-state=off] button")).to_be_visible()


def test_with_the_keyboard_alone(visit: Visit, sink: Sink) -> None:
    page = visit(permissions=["notifications"], worker=True)
    sink.lend(page.context)
    page.goto(DEVICES)
    button = page.locator("push-switch [data-state=off] button")
    expect(button).to_be_visible()
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("push-switch [data-state=on]")).to_be_visible()
    page.locator("form[action$='/removal']").first.evaluate("(form) => form.requestSubmit()")
    expect(page.locator("form[action$='/removal']")).to_have_count(0)


def test_a_browser_that_is_gone_is_said_on_the_page(visit: Visit, sink: Sink) -> None:
    page = visit(permissions=["notifications"], worker=True)
    sink.lend(page.context)
    page.goto(DEVICES)
    page.locator("push-switch [data-state=off] button").click()
    expect(page.locator("push-switch [data-state=on]")).to_be_visible()
    sink.status = 410
    page.locator("form[action$='/test'] button").first.click()
    expect(page.locator(".notice.wait")).to_contain_text("came by e-mail instead")
    steps.looks_right(page)
    page.locator("form[action$='/losses'] button").click()
    expect(page.locator(".notice.wait")).to_have_count(0)


def test_a_browser_that_has_lost_its_address_says_so_and_gets_another_with_a_click(visit: Visit, sink: Sink) -> None:
    page = visit("phone", permissions=["notifications"], worker=True)
    sink.lend(page.context)
    page.goto(DEVICES)
    page.locator("push-switch [data-state=off] button").click()
    expect(page.locator("push-switch [data-state=on]")).to_be_visible()
    page.goto("/app-health")
    expect(page.locator("[data-line=push] [data-state=good]")).to_be_visible()
    page.evaluate("localStorage.removeItem('push')")
    page.goto("/app-health")
    expect(page.locator("[data-line=push] [data-why=lost]")).to_be_visible()
    page.goto(DEVICES)
    expect(page.locator("push-switch [data-state=lost]")).to_be_visible()
    steps.looks_right(page)
    page.locator("push-switch [data-state=off] button").click()
    expect(page.locator("push-switch [data-state=on]")).to_be_visible()
    page.locator("form[action$='/removal']").first.evaluate("(form) => form.requestSubmit()")
    expect(page.locator("form[action$='/removal']")).to_have_count(0)


@pytest.mark.parametrize(
    ("state", "script"),
    [
        ("unsupported", "delete window.PushManager"),
        ("home", "delete window.PushManager; Object.defineProperty(navigator, 'userAgent', { value: 'Mozilla/5.0 (iPhone)' })"),
        ("denied", "Object.defineProperty(Notification, 'permission', { value: 'denied' })"),
    ],
)
@pytest.mark.parametrize("locale", ["en", "fr"])
def test_what_cannot_be_is_explained(visit: Visit, locale: str, state: str, script: str) -> None:
    page = visit("phone", locale=locale, worker=True)
    page.add_init_script(script)
    page.goto(DEVICES)
    expect(page.locator(f"push-switch [data-state={state}]")).to_be_visible()
    assert page.locator("push-switch [data-state]:visible").count() == 1
    steps.looks_right(page)


def test_without_javascript_it_says_that_it_needs_it(visit: Visit) -> None:
    page = visit("phone", js=False, worker=True)
    page.goto(DEVICES)
    expect(page.locator("push-switch [data-state=waiting]")).to_contain_text("This needs JavaScript")
    assert page.locator("push-switch [data-state]:visible").count() == 1


def test_somebody_who_is_not_signed_in_gets_no_worker(visit: Visit) -> None:
    page = visit(who="", worker=True)
    page.goto("/sign-in")
    page.wait_for_timeout(300)  # in which a page of somebody signed in has its worker
    assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0


def test_what_is_pushed_is_shown_and_a_click_opens_its_page(visit: Visit, counter: Counter) -> None:
    page = visit(permissions=["notifications"], worker=True)
    push = _worker(page, counter)
    sent = {
        "web_push": 8030, "app_badge": 3,
        "notification": {
            "title": "Delivered", "body": "Teapot", "lang": "en", "tag": "parcel-3",
            "silent": False, "renotify": True, "app_badge": "3",
            "navigate": f"{counter.url}/orders/A-10482#parcel-1", "icon": f"{counter.url}/static/x.png",
        },
    }  # fmt: skip
    push(json.dumps(sent))
    (shown,) = page.evaluate(SHOWN)
    assert (shown["title"], shown["body"], shown["tag"]) == ("Delivered", "Teapot", "parcel-3")
    assert shown["renotify"]  # the second one of this parcel is heard as well
    assert shown["data"] == {"navigate": f"{counter.url}/orders/A-10482#parcel-1"}
    push(json.dumps({**sent, "notification": {**sent["notification"], "title": "Again"}}))
    assert [it["title"] for it in page.evaluate(SHOWN)] == ["Again"]  # one parcel, one notification
    _click(page)
    page.wait_for_url("**/orders/A-10482#parcel-1")
    assert page.evaluate(SHOWN) == []


@pytest.mark.parametrize(
    ("who", "places"),
    [
        (
            "alice",
            [
                ("/account/profile", "#name"), ("/account/profile", "#locale"),
                ("/account/notifications", "input[type=checkbox]:enabled"),
            ],
        ),
        ("mo", [("/desk/atelier-nord", "")]),
    ],
)  # fmt: skip
def test_a_click_takes_nothing_away(visit: Visit, counter: Counter, who: str, places: list[tuple[str, str]]) -> None:
    """A form that somebody is at, a desk: the page opens in a window of its own."""
    page = visit(who=who, permissions=["notifications"], worker=True)
    push = _worker(page, counter)
    for where, touched in places:
        page.goto(where)
        push(json.dumps({"notification": {"title": "Come", "tag": "come", "navigate": f"{counter.url}/orders"}}))
        if touched:
            page.locator(touched).first.focus()
            page.keyboard.press("ArrowDown" if touched == "#locale" else "Space")
        assert _opened(page) == f"{counter.url}/orders"
        assert page.url == f"{counter.url}{where}"


def test_a_click_on_what_its_window_shows_already_only_brings_it_to_the_front(visit: Visit, counter: Counter) -> None:
    page = visit(permissions=["notifications"], worker=True)
    push = _worker(page, counter)
    page.goto("/account/profile")
    page.locator("#name").fill("Half a")
    sent = {"notification": {"title": "Look", "navigate": f"{counter.url}/account/profile"}}
    push(json.dumps(sent))
    assert _opened(page) is None
    expect(page.locator("#name")).to_have_value("Half a")


def test_something_is_shown_whatever_is_pushed_and_a_click_leads_nowhere_but_home(visit: Visit, counter: Counter) -> None:
    page = visit(permissions=["notifications"], worker=True)
    push = _worker(page, counter)
    for text in ("", "not JSON", "null", '{"notification": {"body": "no title"}}'):
        push(text)
        (shown,) = page.evaluate(SHOWN)
        assert shown["title"] == "Comptoir", text
        page.evaluate("async () => (await (await navigator.serviceWorker.ready).getNotifications())[0].close()")
        steps.until(page, f"async () => !(await ({SHOWN})()).length")
    for elsewhere in ("https://evil.example/", "javascript:alert(1)", "//evil.example/x", "http://["):
        page.goto("/account")
        push(json.dumps({"notification": {"title": "Away", "navigate": elsewhere}}))
        _click(page)
        page.wait_for_url(re.compile(rf"{re.escape(counter.url)}/(orders)?$"))


def test_the_worker_counts_on_the_icon(visit: Visit, counter: Counter) -> None:
    page = visit(permissions=["notifications"], worker=True)
    push = _worker(page, counter)
    worker = page.context.service_workers[0]
    worker.evaluate("""() => {
      self.counts = [];
      navigator.setAppBadge = async (count) => self.counts.push(count);
      navigator.clearAppBadge = async () => self.counts.push(0);
    }""")
    for count in (4, "2", 0):
        about = {"app_badge": count, "notification": {"title": "Counted", "tag": str(count)}}
        push(json.dumps(about))
    assert worker.evaluate("() => self.counts") == [4, 2, 0]


def _worker(page: Page, counter: Counter) -> Callable[[str], None]:
    """A page that it looks after, and how to push a text to it: back when its notification is shown."""
    cdp = page.context.new_cdp_session(page)
    found: list[str] = []

    def noted(event: dict[str, Any]) -> None:
        found.extend(it["registrationId"] for it in event["registrations"] if it["scopeURL"].startswith(counter.url))

    cdp.on("ServiceWorker.workerRegistrationUpdated", noted)
    cdp.send("ServiceWorker.enable")
    page.goto("/account")
    steps.until(page, "() => navigator.serviceWorker.controller?.state === 'activated'")
    steps.until_so(page, lambda: bool(found))
    worker = page.context.service_workers[0]
    worker.evaluate(COUNT_WHAT_IS_SHOWN)

    def push(text: str) -> None:
        before = worker.evaluate("() => self.shown")
        told = {"origin": counter.url, "registrationId": found[-1], "data": text}
        cdp.send("ServiceWorker.deliverPushMessage", told)
        steps.until_so(page, lambda: worker.evaluate("() => self.shown") > before)

    return push


def _click(page: Page) -> None:
    """On what is shown first, as the system tells the worker of it."""
    context: BrowserContext = page.context
    context.service_workers[0].evaluate("""async () => {
      const [notification] = await registration.getNotifications();
      dispatchEvent(new NotificationEvent('notificationclick', { notification }));
    }""")


def _opened(page: Page) -> str | None:
    """What a click opens in a new window: a browser opens none without a person's own click."""
    found: str | None = page.context.service_workers[0].evaluate("""async () => {
      let opened = null;
      clients.openWindow = async (address) => { opened = address; };
      const [notification] = await registration.getNotifications();
      await open(notification);
      return opened;
    }""")
    return found
