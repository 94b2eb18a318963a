"""When something is not there, not allowed or not reached: said in words, and nothing that was on the page is lost."""

import re

import pytest
from playwright.sync_api import expect

from e2e import steps
from e2e.conftest import SCREENS, Visit
from e2e.counter import Counter
from e2e.watch import Watch

# What the browser says of the stream of a server that was killed, and of the service worker that it cannot look at again.
CUT_OFF = (
    "ERR_INCOMPLETE_CHUNKED_ENCODING.*/live",
    "ERR_CONNECTION_RESET.*/live",
    "status of 503 .*/live",
    "error occurred when fetching the script",
)
both_screens = pytest.mark.parametrize("screen", SCREENS)
PAGES = [("/orders/nothing", 404, "Nothing here"), ("/nowhere/at/all", 404, "Nothing here")]


@both_screens
@pytest.mark.parametrize(("path", "status", "title"), PAGES)
@pytest.mark.parametrize("who", ["alice", ""], ids=["signed-in", "signed-out"])
def test_an_error_is_a_page_of_its_own_with_a_way_on(
    visit: Visit, watch: Watch, screen: str, path: str, status: int, title: str, who: str
) -> None:
    watch.allow(f"status of {status}", "status of 401")
    page = visit(screen, who=who)
    answer = page.goto(path)
    if not who and path.startswith("/orders"):
        page.wait_for_url("**/sign-in?next=**")
        return
    assert answer
    assert answer.status == status
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator(".scene")).to_be_visible()
    page.get_by_role("link", name="To your orders").click()
    page.wait_for_url("**/orders" if who else "**/sign-in**")


def test_too_many_codes_are_refused_with_a_word_on_when_to_try_again(visit: Visit, watch: Watch) -> None:
    watch.allow("status of 429")
    page = visit("phone", who="")
    for _ in range(5):
        steps.ask_for_code(page, "impatient@example.com")
    page.goto("/sign-in")
    page.locator("#email").fill("impatient@example.com")
    with page.expect_response("**/sign-in") as answer:
        page.get_by_role("button", name="Send me a code").click()
    assert answer.value.status == 429
    assert int(answer.value.headers["retry-after"]) > 0
    expect(page.locator("#email-error")).to_contain_text(re.compile(r"too many tries.* \d+ minutes"))
    expect(page.locator("#email")).to_have_value("impatient@example.com")


def test_a_link_to_what_is_gone_shows_the_page_for_it_and_back_the_list(visit: Visit, watch: Watch) -> None:
    watch.allow("status of 404")
    page = visit()
    steps.open_orders(page)
    before = steps.seen(page)
    page.locator(".order-card h3 a").first.evaluate("(link) => { link.href = '/orders/gone'; }")
    page.locator(".order-card h3 a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing here")
    expect(page).to_have_title(re.compile(r"^(\(\d+\) )?Nothing here"))
    steps.goes_back_to(page, before)


@pytest.mark.parametrize("status", [404, 500])
def test_a_part_that_fails_is_said_in_a_toast_and_the_list_stays(visit: Visit, watch: Watch, status: int) -> None:
    watch.allow(f"status of {status}")
    page = visit()
    steps.open_orders(page)
    before = steps.addresses(page)
    button = page.locator(".order-card form button").first
    if status == 404:
        button.evaluate("(it) => { it.form.setAttribute('hx-post', '/orders/gone/archiving'); htmx.process(it.form, true); }")
    else:
        page.route("**/archiving", lambda route: route.fulfill(status=500, body="<p>broken</p>", content_type="text/html"))
    button.click()
    said = "This page does not exist" if status == 404 else "Something went wrong on our side"
    expect(page.locator("#toasts")).to_contain_text(said)
    assert steps.addresses(page) == before
    expect(page).to_have_title(re.compile(r"^(\(\d+\) )?Orders"))


@both_screens
def test_a_server_that_goes_away_is_said_and_nothing_typed_is_lost(
    visit: Visit, watch: Watch, doomed: Counter, screen: str
) -> None:
    watch.allow("ERR_CONNECTION_REFUSED", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET", "Failed to fetch", *CUT_OFF)
    watch.allow("ERR_CONTENT_LENGTH_MISMATCH")  # killed in the middle of a picture
    watch.allow(r"503 .*/live")  # at the test's end: its stream is ended and asked for anew while the server stops
    page = visit(screen)
    page.goto(f"{doomed.url}/orders")
    expect(steps.cards(page)).to_have_count(20)
    steps.settled(page)
    before = steps.addresses(page)
    doomed.kill()
    page.locator("#q").press_sequentially("teapot", delay=10)
    expect(page.locator("#toasts .toast")).to_have_count(1)
    expect(page.locator("#toasts")).to_contain_text("No connection")
    assert page.locator("#q").input_value() == "teapot"
    assert steps.addresses(page) == before
    page.locator(".order-card form button").first.click()
    page.locator("#older a").click()
    page.locator(".order-card h3 a").first.click()
    steps.settled(page)
    assert steps.addresses(page) == before
    expect(page.locator("#toasts .toast")).to_have_count(1)  # said once, not four times
    doomed.start()
    page.locator("#q").press_sequentially(" brume", delay=10)
    expect(steps.cards(page)).not_to_have_count(20)
    assert all("Brume" in text for text in page.locator(".titles").all_text_contents())


def test_a_form_that_did_not_arrive_is_sent_again_by_a_reload(visit: Visit, watch: Watch, doomed: Counter) -> None:
    """Account forms are the browser's own: it says that nobody answered, and its reload has everything that was typed."""
    watch.allow("ERR_CONNECTION_REFUSED", *CUT_OFF)
    page = visit(who="chloe")
    page.goto(f"{doomed.url}/account/profile")
    for name in ("Chloé Favre-Blanc", "Chloé Favre"):
        page.locator("#name").fill(name)
        doomed.kill()
        page.locator("#main .form button.first").click()
        steps.until(page, "location.protocol === 'chrome-error:'")
        doomed.start()
        page.reload()
        page.wait_for_url("**/account")
        expect(page.get_by_text(name, exact=True).locator("visible=true")).not_to_have_count(0)
        page.goto(f"{doomed.url}/account/profile")
        expect(page.locator("#name")).to_have_value(name)
