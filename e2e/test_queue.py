"""What is done without a network waits in sight, and is then done once: after a restart, a lost answer, a session run out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, Route, expect

from e2e import offline, steps
from e2e.conftest import SCREENS, WHOLE, Visit
from e2e.counter import LONG_AGO, Counter
from e2e.watch import Watch

WAITING = "/offline/waiting"
LINE = "waiting-changes"
LONG = 30_000  # milliseconds: it is asked again later each time


@pytest.fixture(scope="module")
def browser(whole_browser: Browser) -> Browser:
    """The headless shell breaks at the number on the icon."""
    return whole_browser


@pytest.fixture(autouse=True)
def no_network(watch: Watch) -> None:
    watch.allow(
        "net::ERR_",
        "htmx:error: Failed to fetch",
        "status of 401",
        "status of 409",
        "status of 422",
        "EventSource's response",
        r"503 .*/live",
    )


def buyer(counter: Counter, orders: int = 1) -> str:
    """The address of somebody new with so many orders, numbered from 1."""
    email = counter.newcomer()
    cup = {"id": "1", "title": "Cup", "quantity": 1, "unit_price": 900, "total": 900}
    for number in range(2, orders + 1):
        order = {
            "number": str(number), "customer": {"email": email}, "currency": "EUR", "total": 900, "placed_at": LONG_AGO,
            "prices_include_tax": True, "lines": [cup],
        }  # fmt: skip
        headers = {"Authorization": f"Bearer {counter.key}"}
        assert httpx.put(f"{counter.url}/api/v1/orders/{email}-{number}", headers=headers, json=order).status_code == 201
    return email


DONE = """
SELECT count(*) FROM events e JOIN customers c ON c.id = e.customer
WHERE c.email = '{email}' AND e.kind IN ('order_archived', 'order_unarchived', 'profile_changed')
"""


def done(counter: Counter, email: str) -> int:
    """How many changes of theirs the server has made."""
    return counter.number(DONE.format(email=email))


def ready(page: Page, *paths: str) -> None:
    """The worker looks after the page, knows whose it is, and has kept the paths; the last one is on show."""
    offline.ready(page, paths[0])
    for path in paths:
        offline.seen(page, path)


def archive(page: Page, number: int) -> None:
    """Done when it waits."""
    steps.article(page, str(number)).get_by_role("button").first.click()
    expect(steps.article(page, str(number)).locator(".waits")).to_be_visible()


def wait_in_line(page: Page, count: int) -> None:
    expect(page.locator(f"{LINE} [data-state=waiting] b")).to_have_text(str(count), timeout=LONG)


def nothing_waits(page: Page) -> None:
    expect(page.locator(LINE)).to_be_hidden(timeout=LONG)


@pytest.fixture
def phone(browser_type: BrowserType, tmp_path: Path, watch: Watch) -> Iterator[Any]:
    """`phone()` starts the browser, or starts it again: what it has kept is still there."""
    started: list[BrowserContext] = []

    def start() -> Page:
        for before in started:
            before.close()
        context = browser_type.launch_persistent_context(tmp_path, **WHOLE, **SCREENS["phone"], locale="en")
        started[:] = [context]
        context.set_default_timeout(10_000)
        watch.over(context)
        return context.pages[0]

    yield start
    started[0].close()


def test_ten_changes_outlive_a_restart_of_the_browser_and_each_is_done_once(
    phone: Any, doomed: Counter, counter: Counter
) -> None:
    """Nobody answers at all: of a browser that only thinks so, a sync of its own could come before anybody looks."""
    email = buyer(counter, 9)
    page = phone()
    cookie = {"name": "session", "value": counter.session(email), "url": doomed.url, "expires": 4_000_000_000}
    page.context.add_cookies([cookie])
    ready(page, f"{doomed.url}/account/profile", f"{doomed.url}/orders")
    doomed.kill()
    for number in range(1, 10):
        archive(page, number)
    expect(page.locator(".toast.good")).to_contain_text("kept and sent later")
    page.goto(f"{doomed.url}/account/profile")
    page.locator("#name").fill("Nina Ancienne")
    page.locator("#main .form button.first").click()
    expect(page.locator("#main .form .waits")).to_have_text("Waiting to be sent")
    wait_in_line(page, 10)
    page = phone()
    page.goto(f"{doomed.url}/orders")
    wait_in_line(page, 10)
    expect(page.locator("#order-list .waits")).to_have_count(9)
    steps.looks_right(page)
    page.locator(f"{LINE} a[href='{WAITING}']").click()
    expect(page.locator("waiting-list li")).to_have_count(10)
    expect(page.locator("waiting-list li").first).to_contain_text("Archive order 1")
    expect(page.locator("waiting-list li").last).to_contain_text("Nina Ancienne")
    steps.looks_right(page)
    assert done(counter, email) == 0
    doomed.start()
    page.reload()
    expect(page.locator("waiting-list [data-when=none]")).to_be_visible(timeout=LONG)
    nothing_waits(page)
    assert done(counter, email) == 10
    page.goto(f"{doomed.url}/orders?archived=yes")
    expect(steps.cards(page)).to_have_count(9)


def test_done_by_the_server_whose_answer_was_lost_it_is_not_done_again(visit: Visit, counter: Counter) -> None:
    email = buyer(counter)
    page = visit("phone", session=counter.session(email), worker=True)
    ready(page, "/orders")
    keys: list[str] = []

    def between(route: Route) -> None:
        """The first answer is lost; then others answer in its place, and nobody; the fourth gets through."""
        keys.append(route.request.headers["idempotency-key"])
        match len(keys):
            case 1:
                route.fetch()
                route.fulfill(status=504, content_type="text/html", body="<h1>Gateway Time-out</h1>")
            case 2:
                route.fulfill(status=200, content_type="text/html", body="<h1>Welcome to the hotel</h1>")
            case 3:
                route.abort()
            case _:
                route.continue_()

    page.context.route("**/orders/1/archiving", between)
    archive(page, 1)
    expect(page.locator("#toasts")).to_have_text("We cannot do it just now: it is kept and sent later.")
    steps.until(page, "() => askWorker('send')")
    expect(page.locator(".empty")).to_be_visible(timeout=LONG)  # the list has asked for itself
    nothing_waits(page)
    assert len(keys) == 4
    assert len(set(keys)) == 1
    assert done(counter, email) == 1


def test_when_the_session_has_run_out_it_is_sent_after_the_next_sign_in(visit: Visit, counter: Counter) -> None:
    email = counter.newcomer(locale="fr")
    page = visit(session=counter.session(email), locale="fr", worker=True)
    ready(page, "/orders", "/account/profile")
    counter.change(f"DELETE FROM sessions WHERE customer = (SELECT id FROM customers WHERE email = '{email}')")
    page.locator("#name").fill("Nina Ancienne")
    page.locator("#main .form button.first").click()
    page.wait_for_url("**/sign-in?next=%2Faccount%2Fprofile")
    page.context.set_offline(True)
    page.goto("/orders")
    archive(page, 1)
    page.context.set_offline(False)
    expect(page.locator(f"{LINE} [data-sign-in]")).to_have_text("Se connecter pour l’envoyer")
    assert done(counter, email) == 0
    steps.go(page, WAITING)
    expect(page.locator("waiting-list li").first).to_contain_text("Nina Ancienne")
    expect(page.locator("waiting-list li").last).to_contain_text("Archiver la commande 1")
    steps.use_link(page, counter.command("sign-in-link", email))
    nothing_waits(page)
    expect(page.locator(".order-card")).to_have_count(0)
    assert done(counter, email) == 2


def test_in_two_tabs_and_without_background_sync_it_is_sent_once(visit: Visit, counter: Counter) -> None:
    email = buyer(counter, 2)
    page = visit(session=counter.session(email), worker=True)
    ready(page, "/orders")
    page.context.service_workers[0].evaluate("() => { delete ServiceWorkerRegistration.prototype.sync }")
    other = page.context.new_page()
    other.goto("/orders")
    page.context.set_offline(True)
    archive(page, 1)
    archive(other, 2)
    for tab in (page, other):
        wait_in_line(tab, 2)
    page.context.set_offline(False)
    for tab in (page, other):
        nothing_waits(tab)
        expect(steps.cards(tab)).to_have_count(0)
    assert done(counter, email) == 2


def test_what_is_refused_says_why_and_stays_until_it_is_discarded(visit: Visit, counter: Counter) -> None:
    page = visit("phone", session=counter.session(buyer(counter)), worker=True)
    ready(page, "/orders")
    page.goto("/account/notifications")
    page.context.set_offline(True)
    page.locator("[name=quiet]").check()
    page.locator("#quiet_until").fill(page.locator("#quiet_from").input_value())
    page.locator("#main form button.first").click()
    wait_in_line(page, 1)
    page.goto(WAITING)
    entry = page.locator("waiting-list li")
    expect(entry).to_contain_text("22:00")
    page.context.set_offline(False)
    expect(entry.locator("p.error")).to_contain_text("The quiet hours would end as they begin.")
    expect(page.locator(f"{LINE} [data-state=refused] b")).to_have_text("1")
    steps.looks_right(page)
    page.reload()
    entry.get_by_role("button", name="Try again").click()
    expect(entry.locator("p.error")).to_be_visible()
    entry.get_by_role("button", name="Discard", exact=True).click()
    entry.get_by_role("button", name="Keep").click()
    entry.get_by_role("button", name="Discard", exact=True).click()
    steps.looks_right(page)
    entry.get_by_role("button", name="Discard for good").click()
    expect(page.locator("waiting-list [data-when=none]")).to_be_visible(timeout=LONG)
    nothing_waits(page)


def test_what_the_shop_itself_fails_at_holds_nothing_else_up_and_is_owned_up_to(visit: Visit, counter: Counter) -> None:
    email = buyer(counter, 3)
    page = visit(session=counter.session(email), worker=True)
    ready(page, "/orders")
    fault = {"type": "about:blank", "title": "Internal Server Error", "status": 500, "detail": "It broke"}
    broken = "**/orders/1/archiving"
    page.context.set_offline(True)
    for number in (1, 2):
        archive(page, number)
    expect(page.locator("#toasts")).to_have_text("No connection: it is kept and sent later.")
    page.context.route(broken, lambda it: it.fulfill(status=500, content_type="application/problem+json", json=fault))
    page.context.set_offline(False)
    wait_in_line(page, 1)
    expect(steps.article(page, "1").locator(".waits")).to_be_visible()
    steps.article(page, "3").get_by_role("button").first.click()
    expect(steps.cards(page)).to_have_count(1, timeout=LONG)
    wait_in_line(page, 1)
    assert done(counter, email) == 2
    worker: Any = page.context.service_workers[0]
    worker.evaluate("async () => { const [{ id }] = await rows(); await changeRow(id, { failed: { times: 4, since: 0 } }); }")
    page.evaluate("() => askWorker('send')")
    page.goto(WAITING)
    expect(page.locator("waiting-list p.error")).to_contain_text("For a day we have tried")
    page.context.unroute(broken)
    page.get_by_role("button", name="Try again").click()
    nothing_waits(page)
    assert done(counter, email) == 3


FULL = "DOMException('no room', 'QuotaExceededError')"


def test_a_full_device_makes_room_for_what_waits_and_where_it_cannot_says_so(visit: Visit, counter: Counter) -> None:
    """As does a form that may not wait: whoever cannot leave a page still has what they have typed."""
    page = visit(session=counter.session(buyer(counter)), worker=True)
    ready(page, "/account/profile", "/orders")
    steps.until(page, "() => askWorker('pack', {})")
    page.context.set_offline(True)
    worker: Any = page.context.service_workers[0]
    worker.evaluate(f"""() => {{
      const add = IDBObjectStore.prototype.add;
      IDBObjectStore.prototype.add = () => {{ IDBObjectStore.prototype.add = add; throw new {FULL}; }};
    }}""")
    archive(page, 1)
    assert not worker.evaluate("async () => caches.match('/orders/1', { cacheName: `kept-${await viewer()}` })")
    page.goto("/account/profile")
    worker.evaluate(f"() => {{ IDBObjectStore.prototype.add = () => {{ throw new {FULL}; }}; }}")
    page.locator("#name").fill("Nina Ancienne")
    page.locator("#main .form button.first").click()
    expect(page.locator(".toast.bad")).to_contain_text("this device has no room left")
    page.locator(".account-button").click()
    page.locator("#account-menu .languages button").last.click()
    expect(page.locator(".toast.bad").last).to_contain_text("No connection. Try again")
    assert page.url.endswith("/account/profile")
    assert page.locator("#name").input_value() == "Nina Ancienne"
    wait_in_line(page, 1)


def test_a_notification_that_is_read_without_a_network_leads_to_its_page(visit: Visit, counter: Counter) -> None:
    email = buyer(counter)
    page = visit("phone", session=counter.session(email), worker=True)
    ready(page, "/orders/1")
    steps.news_arrives(page, 1)
    page.context.set_offline(True)
    page.locator("#notifications li form button", has_text="Ordered").first.click()
    page.wait_for_url("**/orders/1")
    expect(page.locator(".kept-note")).to_be_visible()
    wait_in_line(page, 1)
    page.context.set_offline(False)
    nothing_waits(page)
    page.goto("/notifications")
    expect(page.locator("#notifications li.unread", has_text="Ordered")).to_have_count(0)


def test_nothing_of_one_person_is_sent_by_another(visit: Visit, counter: Counter) -> None:
    email, others = buyer(counter), buyer(counter)
    page = visit(session=counter.session(email), worker=True)
    ready(page, "/orders")
    page.context.set_offline(True)
    archive(page, 1)
    assert '"body":"archived=yes"' in offline.kept(page)
    page.context.add_cookies([{"name": "session", "value": counter.session(others), "url": counter.url}])
    page.context.set_offline(False)
    expect(page.locator(f"{LINE} [data-state=refused]")).to_be_visible()
    page.goto("/orders")
    nothing_waits(page)
    expect(steps.cards(page)).to_have_count(1)
    assert '"body":"archived=yes"' not in offline.kept(page)
    assert (done(counter, email), done(counter, others)) == (0, 0)


def test_without_javascript_the_list_says_what_it_is_for(visit: Visit) -> None:
    page = visit("phone", js=False)
    page.goto(WAITING)
    expect(page.locator("#waiting")).to_contain_text("needs JavaScript")
    expect(page.locator(LINE)).to_be_hidden()
