"""A new release under open windows: one tap, nothing typed is lost, each window is loaded once; and one that is taken back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e import offline, steps
from e2e.conftest import Visit
from e2e.counter import Counter
from e2e.watch import Watch

NOTHING_LEFT = """async () => !(await navigator.serviceWorker.getRegistrations()).length
  && !(await caches.keys()).length && !(await indexedDB.databases()).length"""


# A database that was left for what could not be sent.
OWED = """() => new Promise((done) => {
  const asked = indexedDB.open('counter');
  asked.onsuccess = () => { asked.result.close(); done(); };
})"""


class Deployments:
    """One address, and servers that stand there one after the other."""

    def __init__(self, counter: Counter) -> None:
        self.running = Counter(counter.folder, counter.database)
        self.running.start()
        self.url = self.running.url

    def deploy(self, **settings: str) -> None:
        self.running.stop()
        self.running = Counter(self.running.folder, self.running.database, self.running.port, settings)
        self.running.start()


# A second after a page was opened the browser looks by itself; whoever asks after that hears when it has.
LOOKED = """async () => {
  const late = () => new Promise((done) => { setTimeout(done, 1500, false); });
  const registration = await navigator.serviceWorker.getRegistration();
  await late();
  return Promise.race([registration.update().then(() => true), late()]);
}"""
# A pack on a network that has stopped; it ends when it is told to.
STOPPED = """() => {
  const real = fetch;
  const cut = (signal) => new Promise((_, failed) => { signal?.addEventListener('abort', () => failed(signal.reason)); });
  fetch = (address, how) => (String(address).startsWith('/offline/pack') ? cut(how.signal) : real(address, how));
}"""


@pytest.fixture(scope="module")
def browser(whole_browser: Browser, counter: Counter) -> Browser:
    """The headless shell breaks at the number on the icon. While it starts up, and that lasts until a page stands still, or a
    minute, this browser looks for no new worker that it was not asked for by a person."""
    context = whole_browser.new_context(base_url=counter.url)
    context.add_cookies([{"name": "session", "value": counter.session("alice@example.com"), "url": counter.url}])
    page = context.new_page()
    offline.ready(page)
    steps.until(page, LOOKED, patience=90)
    context.close()
    return whole_browser


@pytest.fixture
def deployments(counter: Counter, watch: Watch) -> Iterator[Deployments]:
    watch.allow("net::ERR_", "Failed to fetch", r"503 .*/live")  # while there is no server
    watch.allow(r"status of 401 .*/live")  # in the other window, when nobody is signed in any more
    made = Deployments(counter)
    yield made
    made.running.stop()


def opened(page: Page, address: str) -> list[str]:
    """The worker looks after the page; how often it is loaded from then on."""
    offline.ready(page, address)
    loads: list[str] = []
    page.on("load", lambda it: loads.append(it.url))
    return loads


def test_a_new_release_is_taken_with_one_tap_and_nothing_typed_is_lost(visit: Visit, deployments: Deployments) -> None:
    page = visit("phone", worker=True)
    first: list[str] = []
    page.on("load", lambda it: first.append(it.url))
    loads = opened(page, f"{deployments.url}/orders")
    assert len(first) == 1, "the first worker reloads nothing"
    typing = page.context.new_page()
    typed_loads = opened(typing, f"{deployments.url}/account/profile")
    typing.locator("#name").fill("Half a na")
    deployments.deploy(COMPTOIR_NAME="Renewed", COMPTOIR_ACCENT="#7a1f5c")

    page.bring_to_front()
    page.locator(".tabs a[href='/arrivals']").click()  # boosted: its answer tells of another build
    offer = page.locator("new-release")
    expect(offer.locator("button")).to_be_visible()
    steps.looks_right(page)
    expect(typing.locator("new-release button")).to_be_visible()
    page.context.service_workers[0].evaluate(STOPPED)
    page.evaluate("() => { askWorker('pack', { changed: true }); }")
    offer.locator("button").click()
    expect(page.locator(".brand")).to_contain_text("Renewed")
    steps.until(page, offline.CONTROLLED)
    expect(offer).to_be_hidden()
    expect(typing.locator("new-release [data-state=later]")).to_be_visible()
    expect(typing.locator("#name")).to_have_value("Half a na")
    assert (len(loads), len(typed_loads)) == (1, 0)

    typing.locator(".tabs a[href='/orders']").click()
    expect(typing.locator(".brand")).to_contain_text("Renewed")
    assert (len(loads), len(typed_loads)) == (1, 1)


def test_a_release_that_is_withdrawn_leaves_nothing_and_takes_nothing_away(
    visit: Visit, deployments: Deployments, counter: Counter, email: str
) -> None:
    page = visit("phone", session=counter.session(email), worker=True)
    loads = opened(page, f"{deployments.url}/orders")
    typing = page.context.new_page()
    opened(typing, f"{deployments.url}/account/profile")
    typing.locator("#name").fill("Half a na")
    page.context.service_workers[0].evaluate(offline.WAITS, ["/orders/1/archiving", "archived=yes"])
    deployments.deploy(COMPTOIR_OFFLINE="off")

    page.evaluate("async () => { (await navigator.serviceWorker.getRegistration()).update(); }")  # as a look does
    steps.until_so(page, lambda: len(loads) >= 1, patience=40)
    steps.until(page, NOTHING_LEFT)
    expect(steps.cards(page)).to_have_count(0)  # what waited was sent
    expect(typing.locator("#name")).to_have_value("Half a na")
    page.locator(".tabs a[href='/arrivals']").click()
    page.wait_for_url("**/arrivals")
    assert len(loads) == 1
    page.goto(f"{deployments.url}/app-health")
    assert page.evaluate("navigator.serviceWorker.controller") is None
    expect(page.locator("[data-line=app] [data-why=withdrawn]")).to_be_visible()
    steps.until(page, NOTHING_LEFT)
    page.evaluate(OWED)
    page.goto(f"{deployments.url}/account")
    page.locator("main form[action='/sign-out'] button").click()
    page.wait_for_url("**/sign-in")
    steps.until(page, NOTHING_LEFT)
