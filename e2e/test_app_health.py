"""The page that answers “clear your cache”: how things stand, with and without a network; repair; a report; and forgetting."""

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from e2e import offline, steps
from e2e.conftest import Visit
from e2e.counter import Counter
from e2e.watch import Watch

TRUST = """UPDATE devices SET trusted_until = '2099-01-01 00:00:00+00:00'
WHERE customer = (SELECT id FROM customers WHERE email = '{email}')"""
TRUSTED = """SELECT count(*) FROM devices d JOIN customers c ON c.id = d.customer
WHERE c.email = '{email}' AND d.trusted_until IS NOT NULL"""
LOOKED = "() => document.querySelector('app-health')?.dataset.looked"
LEFT = """async () => [
  ...(await navigator.serviceWorker.getRegistrations()).map((it) => it.scope), ...await caches.keys(),
  ...(await indexedDB.databases()).map((it) => it.name), ...Object.keys(localStorage), ...Object.keys(sessionStorage)]"""


BROKEN = """() => {
  opened = undefined;
  indexedDB.open = () => { throw new Error('broken'); };
  Object.getPrototypeOf(caches).keys = undefined;
}"""


@pytest.fixture(scope="module")
def browser(whole_browser: Browser) -> Browser:
    """The headless shell breaks at the number on the icon."""
    return whole_browser


@pytest.fixture(autouse=True)
def no_network(watch: Watch) -> None:
    watch.allow("net::ERR_", "Failed to fetch")


def line(page: Page, name: str) -> str:
    return page.locator(f"[data-line={name}] [data-state]:visible").inner_text()


def look(page: Page) -> None:
    page.goto("/app-health")
    steps.until(page, LOOKED)


@pytest.mark.parametrize(
    ("screen", "locale", "newest", "away", "nothing", "repaired"),
    [
        ("phone", "en", "The newest one", "This device has no network.", "nothing was changed", "Repaired."),
        ("desktop", "fr", "La plus récente", "Cet appareil n’a pas de réseau.", "rien n’a été changé", "Réparé."),
    ],
)
def test_it_tells_how_things_stand_mends_them_and_forgets(
    visit: Visit, counter: Counter, email: str, screen: str, locale: str, newest: str, away: str, nothing: str, repaired: str
) -> None:
    token = counter.session(email, locale)
    page = visit(screen, session=token, locale=locale, worker=True)
    offline.ready(page)
    look(page)
    assert newest in line(page, "app")
    assert page.locator("[data-line=network].good, [data-line=network].wait").count() == 1
    assert page.locator("[data-line=clock].good").count() == 1
    expect(page.locator("forget-device [data-failed]")).to_be_hidden()
    steps.looks_right(page)
    report = page.locator("#health-report").text_content() or ""
    assert newest in report
    for word in (email, "Nina", "Teapot", token, page.locator("meta[name=viewer]").get_attribute("content") or "?"):
        assert word not in report

    page.context.set_offline(True)
    look(page)
    assert line(page, "network") == away
    assert newest in line(page, "app")
    page.locator("app-repair button").click()
    expect(page.locator("app-repair [data-said]")).to_contain_text(nothing)
    expect(page.locator("app-repair button")).to_be_enabled()
    steps.looks_right(page)
    page.context.set_offline(False)

    page.goto("/app-health")
    page.evaluate("async () => { for (const name of await caches.keys()) await caches.delete(name); caches.keys = undefined; }")
    page.context.service_workers[-1].evaluate(BROKEN)
    page.locator("app-repair button").click()
    steps.until(page, "() => document.querySelector('app-repair')?.dataset.now === 'done'", patience=60)
    expect(page.locator("app-repair [data-said]")).to_contain_text(repaired)
    steps.until(page, "async () => (await caches.keys()).includes('shell')")
    assert counter.knows(token)

    page.locator("form[action='/device/forgetting'] button").click()
    page.wait_for_url("**/sign-in")
    expect(page.locator(".toast.good")).to_be_visible()
    steps.until(page, f"async () => !(await ({LEFT})()).length")
    assert {cookie["name"] for cookie in page.context.cookies()} <= {"locale", "flash"}
    assert not counter.knows(token)
    look(page)
    assert page.locator("[data-line=app] [data-why=nobody]").is_visible()


def test_a_device_is_forgotten_where_the_shop_does_not_hear_it_and_the_shop_is_told_later(
    visit: Visit, counter: Counter, email: str, watch: Watch
) -> None:
    watch.allow("status of 500")
    page = visit("phone", who="", worker=True)
    offline.ready_by_link(page, counter.link(email))
    token = next(it["value"] for it in page.context.cookies() if it["name"] == "session")
    counter.change(TRUST.format(email=email))
    page.context.route("**/device/forgetting", lambda route: route.fulfill(status=500))
    look(page)
    page.locator("form[action='/device/forgetting'] button").click()
    expect(page.locator("#offline h1")).to_have_text("This device is forgotten")
    steps.looks_right(page)
    assert "Teapot" not in offline.kept(page)
    assert counter.knows(token)
    page.context.unroute("**/device/forgetting")
    page.goto("/orders")
    page.wait_for_url("**/sign-in**")
    assert not counter.knows(token)
    assert counter.number(TRUSTED.format(email=email)) == 0
    assert {cookie["name"] for cookie in page.context.cookies()} <= {"locale", "flash"}


def test_a_device_whose_session_is_ended_from_elsewhere_forgets_at_once(
    visit: Visit, counter: Counter, email: str, watch: Watch
) -> None:
    watch.allow("status of 401")
    page = visit("phone", session=counter.session(email), worker=True)
    offline.ready(page)
    offline.seen(page, "/orders")
    assert email in offline.kept(page)
    other = {"cookies": {"session": counter.session(email)}, "headers": {"Origin": counter.url}}
    assert httpx.post(f"{counter.url}/account/sessions/ending", **other).status_code == 303
    page.wait_for_url("**/sign-in")
    expect(page.locator(".notice")).to_contain_text("this session was ended from elsewhere")
    assert email not in offline.kept(page)


def test_without_javascript_it_says_what_it_would_show(visit: Visit) -> None:
    page = visit("phone", js=False)
    page.goto("/app-health")
    expect(page.get_by_text("this page needs JavaScript")).to_be_visible()
    expect(page.locator("app-repair")).to_be_hidden()
    expect(page.locator("form[action='/device/forgetting'] button")).to_be_visible()
