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


@pytest.fixture(scope="module")
def browser(whole_browser: Browser) -> Browser:
    """The headless shell breaks at the number on the icon."""
    return whole_browser


@pytest.fixture
def deployments(counter: Counter, watch: Watch) -> Iterator[Deployments]:
    watch.allow("net::ERR_", "Failed to fetch", r"503 .*/live")  # while there is no server
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
