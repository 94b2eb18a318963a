"""Pages that are right while they are open: the bell, the title, pieces that ask for themselves; one stream for all tabs."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from e2e import steps
from e2e.conftest import SCREENS, Visit
from e2e.counter import Counter
from e2e.watch import Watch

both_screens = pytest.mark.parametrize("screen", SCREENS)
ORDER = "/orders/A-10482"
BELL = "unread-bell a"
SOON = 15_000  # milliseconds; a second is promised, and a busy machine is given more
COMES_AGAIN = 5_000  # milliseconds; a server asks browsers to come again sooner: who has not by then does not
QUIET = 500  # milliseconds in which something would have happened, if it were to
# What is asked of the installed app's icon cannot be read back.
BADGE = """
window.badges = [];
navigator.setAppBadge = async (number) => { window.badges.push(number); };
navigator.clearAppBadge = async () => { window.badges.push(0); };
"""


def _changed(counter: Counter, unread: int, who: str = "alice", times: int = 1) -> None:
    """By another process: the server's own has no part in it."""
    counter.change(f"UPDATE customers SET revision = revision + {times}, unread = {unread} WHERE email = '{who}@example.com'")


@pytest.fixture(autouse=True)
def nothing_unread(counter: Counter) -> Iterator[None]:
    """Nor from tests before."""
    counter.change("UPDATE customers SET revision = revision + 1, unread = 0")
    yield
    counter.change("UPDATE customers SET revision = revision + 1, unread = 0")


def _streams(context: BrowserContext) -> list[Request]:
    """Filled as they are asked for."""
    asked: list[Request] = []
    context.on("request", lambda request: asked.append(request) if request.url.endswith("/live") else None)
    return asked


def _ended_streams(context: BrowserContext) -> list[Request]:
    """By the server or by the page: whichever was quicker, once the server has said that it is over."""
    ended: list[Request] = []
    for event in ("requestfailed", "requestfinished"):
        context.on(event, lambda request: ended.append(request) if request.url.endswith("/live") else None)  # type: ignore[call-overload]
    return ended


def _listens(page: Page) -> None:
    """Its first words have come, or another tab's."""
    page.add_init_script("addEventListener('counter-told', () => { window.told = (window.told ?? 0) + 1; });")


def _until_told(page: Page, times: int = 1) -> None:
    steps.until(page, "(times) => (window.told ?? 0) >= times", times, patience=15)


def _open(page: Page, path: str = "/orders") -> None:
    _listens(page)
    page.goto(path)
    _until_told(page)


@both_screens
def test_the_bell_the_title_and_the_icons_number_follow_what_happens_elsewhere(
    visit: Visit, counter: Counter, screen: str
) -> None:
    page = visit(screen)
    page.add_init_script(BADGE)
    _open(page)
    bell, number = page.locator(BELL), page.locator(f"{BELL} b")
    expect(bell).to_be_visible()
    expect(bell).to_have_accessible_name("Notifications")
    expect(number).to_be_hidden()
    title = page.title()
    for unread, shown in ((3, "3"), (128, "99+")):
        _changed(counter, unread)
        expect(number).to_have_text(shown, timeout=SOON)
        expect(number).to_be_visible()
        expect(bell).to_have_accessible_name(f"Notifications, unread: {shown}")
        expect(page.locator("unread-bell [role=status]")).to_have_text(f"Notifications, unread: {shown}")
        expect(page).to_have_title(f"({shown}) {title}")
    steps.looks_right(page)
    _changed(counter, 0)
    expect(number).to_be_hidden(timeout=SOON)
    expect(page).to_have_title(title)
    assert page.evaluate("window.badges") == [0, 0, 3, 128, 0]


@both_screens
@pytest.mark.parametrize("locale", ["en", "fr"])
def test_without_javascript_the_number_is_there_when_the_page_is(
    visit: Visit, counter: Counter, screen: str, locale: str
) -> None:
    page = visit(screen, js=False, locale=locale)
    _changed(counter, 7)
    page.goto(ORDER)
    words = {"en": "Notifications, unread: 7", "fr": "Notifications, non lues : 7"}[locale]
    expect(page.locator(BELL)).to_have_accessible_name(words)
    expect(page.locator(f"{BELL} b")).to_be_in_viewport()
    assert page.title().startswith("(7) ")


def test_a_boosted_navigation_keeps_the_number_and_the_stream(visit: Visit, counter: Counter) -> None:
    page = visit("phone")
    asked = _streams(page.context)
    _open(page)
    _changed(counter, 3)
    expect(page.locator(f"{BELL} b")).to_have_text("3", timeout=SOON)
    page.get_by_role("link", name="Account").click()
    page.wait_for_url("**/account")
    expect(page).to_have_title(re.compile(r"^\(3\) (?!\()"))
    expect(page.locator(f"{BELL} b")).to_have_text("3")
    _changed(counter, 1)
    expect(page).to_have_title(re.compile(r"^\(1\) (?!\()"), timeout=SOON)
    assert len(asked) == 1


def test_what_changes_while_a_page_is_on_its_way_is_told_to_it(visit: Visit, counter: Counter) -> None:
    """The order was made at the old revision; the news arrives before the page does."""
    page = visit()
    page.add_init_script("addEventListener('counter-changed', () => { window.changed = (window.changed ?? 0) + 1; });")
    _open(page)
    late: list[Route] = []
    page.route(f"**{ORDER}", lambda route: late.append(route), times=1)
    page.locator(f".order-card h3 a[href='{ORDER}']").click(no_wait_after=True)
    steps.until(page, "document.querySelector('a.htmx-request') !== null")
    answer = late[0].fetch()
    _changed(counter, 5)
    expect(page.locator(f"{BELL} b")).to_have_text("5", timeout=SOON)
    assert page.evaluate("window.changed") == 1
    late[0].fulfill(response=answer)
    expect(page.locator(".page.paper")).to_be_visible()
    steps.until(page, "window.changed === 2")
    expect(page.locator(f"{BELL} b")).to_have_text("5")
    expect(page).to_have_title(re.compile(r"^\(5\) "))


def test_what_changes_between_the_page_and_the_stream_is_told(visit: Visit, counter: Counter) -> None:
    page = visit()
    _listens(page)
    late: list[Route] = []
    page.route("**/live", lambda route: late.append(route))
    page.goto(ORDER)
    steps.until_so(page, lambda: late != [])
    _changed(counter, 2)
    page.evaluate("addEventListener('counter-changed', () => { window.changed = true; })")
    late[0].continue_()
    expect(page.locator(f"{BELL} b")).to_have_text("2", timeout=SOON)
    steps.until(page, "window.changed")


def test_eight_tabs_share_one_stream_and_all_hear(visit: Visit, counter: Counter) -> None:
    """A browser opens no more than six connections to a host: eight streams would leave none for pages."""
    first = visit()
    asked, ended = _streams(first.context), _ended_streams(first.context)
    tabs = [first, *(first.context.new_page() for _ in range(7))]
    for tab in tabs:
        _open(tab)
    assert len(asked) == 8
    steps.until_so(first, lambda: len(asked) - len(ended) == 1)
    _changed(counter, 4)
    for tab in tabs:
        expect(tab.locator(f"{BELL} b")).to_have_text("4", timeout=SOON)
    for tab in tabs:
        tab.goto("/account")
        expect(tab.locator("h1").first).to_be_visible()
    before = len(asked)
    tabs.pop().close()  # the one that held it: another takes over
    steps.until_so(first, lambda: len(asked) == before + 1)
    _changed(counter, 6)
    for tab in tabs:
        expect(tab.locator(f"{BELL} b")).to_have_text("6", timeout=SOON)


def _hide(page: Page, hidden: bool) -> None:
    page.evaluate(
        """(hidden) => {
          Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
          document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
        }""",
        hidden,
    )


def test_a_tab_that_nobody_looks_at_lets_go_after_a_while_and_knows_all_when_it_is_seen_again(
    visit: Visit, counter: Counter
) -> None:
    page = visit()
    page.clock.install()
    asked, ended = _streams(page.context), _ended_streams(page.context)
    page.add_init_script("addEventListener('counter-changed', () => { window.changed = (window.changed ?? 0) + 1; });")
    _open(page)
    _hide(page, True)
    _changed(counter, 1)
    expect(page.locator(f"{BELL} b")).to_have_text("1", timeout=SOON)
    assert page.evaluate("window.changed ?? 0") == 0  # pieces of a page that nobody sees can wait
    page.clock.fast_forward(61_000)
    steps.until_so(page, lambda: len(ended) == 1)
    _changed(counter, 2)
    page.wait_for_timeout(QUIET)
    expect(page.locator(f"{BELL} b")).to_have_text("1")
    _hide(page, False)
    expect(page.locator(f"{BELL} b")).to_have_text("2", timeout=SOON)
    assert len(asked) == 2
    assert page.evaluate("window.changed") >= 1


def test_who_saves_data_gets_no_stream(visit: Visit) -> None:
    page = visit()
    page.add_init_script("Object.defineProperty(navigator, 'connection', { value: { saveData: true } });")
    asked = _streams(page.context)
    page.goto("/orders")
    page.wait_for_timeout(QUIET)
    assert asked == []


def test_the_stream_is_over_when_the_session_is_ended_elsewhere(
    visit: Visit, counter: Counter, email: str, watch: Watch
) -> None:
    watch.allow("status of 401")  # it is asked why
    page = visit(session=counter.session(email))
    asked, ended = _streams(page.context), _ended_streams(page.context)
    _open(page)
    counter.change(f"DELETE FROM sessions WHERE customer = (SELECT id FROM customers WHERE email = '{email}')")
    steps.until_so(page, lambda: len(ended) == 1)
    page.wait_for_timeout(COMES_AGAIN)
    assert len(asked) == 1


def test_a_tab_hears_again_when_its_person_has_signed_in_again_elsewhere(
    visit: Visit, counter: Counter, email: str, watch: Watch
) -> None:
    watch.allow("status of 401")
    page = visit(session=counter.session(email))
    asked, ended = _streams(page.context), _ended_streams(page.context)
    _open(page)
    counter.change(f"DELETE FROM sessions WHERE customer = (SELECT id FROM customers WHERE email = '{email}')")
    steps.until_so(page, lambda: len(ended) == 1)
    _hide(page, False)  # nobody is signed in yet: one look, one question
    steps.until_so(page, lambda: len(asked) > 1 and len(ended) == len(asked))
    before = len(asked)
    page.wait_for_timeout(COMES_AGAIN)
    assert len(asked) == before
    page.context.add_cookies([{"name": "session", "value": counter.session(email), "url": counter.url}])
    _hide(page, False)
    steps.until_so(page, lambda: len(asked) == before + 1)
    counter.change(f"UPDATE customers SET revision = revision + 1, unread = 5 WHERE email = '{email}'")
    expect(page.locator(f"{BELL} b")).to_have_text(re.compile("^[5-9]$"), timeout=SOON)  # they are told of their sign-in too
    counter.change(f"DELETE FROM sessions WHERE customer = (SELECT id FROM customers WHERE email = '{email}')")
    steps.until_so(page, lambda: len(ended) == len(asked))
    page.context.add_cookies([{"name": "session", "value": counter.session(email), "url": counter.url}])
    page.locator(BELL).click()
    page.wait_for_url("**/notifications")
    steps.until_so(page, lambda: len(asked) == before + 2)


PIECES = "#main [hx-trigger^='counter-changed']"  # of one page
# A piece with what a person may be busy with: written into the order's history, on the page and in what is asked for later.
BUSY = (
    '<form id="busy"><label for="typed">Note</label><input id="typed" name="typed"></form>'
    '<details id="fold"><summary id="sum">More</summary><p>Folded</p></details><copy-button hidden></copy-button>'
)


def _with_something_to_do(route: Route) -> None:
    answer = route.fetch()
    body = answer.text()
    before, history, after = body.partition('id="timeline"')
    assert history
    after = after.replace('<ol class="timeline">', f'{BUSY}<ol class="timeline">', 1)
    route.fulfill(response=answer, body=before + history + after)


def _happened(counter: Counter, kind: str) -> None:
    counter.change(
        'INSERT INTO events (kind, "order", customer, merchant, data, at, recorded_at, noticed_at) SELECT '
        f"'{kind}', id, customer, merchant, '{{ }}', placed_at, placed_at, placed_at FROM orders WHERE address = 'A-10482'"
    )


@both_screens
def test_a_piece_that_asks_for_itself_disturbs_nobody(visit: Visit, counter: Counter, screen: str) -> None:
    page = visit(screen)
    page.route(f"**{ORDER}", _with_something_to_do)
    asked: list[Any] = []
    page.on("request", lambda request: asked.append(request.headers) if request.url.endswith(ORDER) else None)
    _open(page, ORDER)
    page.locator("#sum").click()
    page.locator("#typed").fill("half a sen")
    page.locator("#typed").evaluate("(field) => { field.setSelectionRange(4, 4); field.scrollIntoView({ block: 'center' }); }")
    page.evaluate("document.getElementById('toasts').textContent = 'still to be read'")
    kept = page.locator("#typed").element_handle()
    place = page.evaluate("scrollY")
    moments = page.locator("#history .timeline li").count()
    _happened(counter, "order_cancelled")
    _changed(counter, 1)
    expect(page.locator("#history .timeline li")).to_have_count(moments + 1, timeout=SOON)
    steps.settled(page)
    assert kept is not None
    assert kept.evaluate("(field) => field.isConnected && field === document.activeElement")
    assert kept.evaluate("(field) => [field.value, field.selectionStart]") == ["half a sen", 4]
    assert page.evaluate("document.getElementById('fold').open")
    assert page.evaluate("document.querySelector('#busy ~ copy-button').hidden") is False
    assert page.evaluate("scrollY") == place
    assert page.locator("#toasts").inner_text() == "still to be read"
    assert page.evaluate("document.querySelector('#history [aria-live], #history [role=status]')") is None
    assert [headers.get("hx-request-type") for headers in asked] == [None, *["partial"] * page.locator(PIECES).count()]
    counter.change("DELETE FROM events WHERE kind = 'order_cancelled' AND data = '{ }'")


def test_a_burst_of_changes_is_one_question_at_a_time_and_the_last_wins(visit: Visit, counter: Counter) -> None:
    page = visit()
    waiting: list[Route] = []
    _open(page, ORDER)
    page.route(f"**{ORDER}", lambda route: waiting.append(route))
    told = "(n) => document.body.dispatchEvent(new CustomEvent('counter-changed', { bubbles: true, detail: { revision: n } }))"
    for n in range(20):
        page.evaluate(told, n)
    pieces = page.locator(PIECES).count()  # each has its own question
    steps.until_so(page, lambda: len(waiting) == pieces)
    page.wait_for_timeout(QUIET)
    assert len(waiting) == pieces
    moments = page.locator("#history .timeline li").count()
    first = waiting[0].fetch()
    _happened(counter, "order_cancelled")
    for one in waiting[:pieces]:
        one.fulfill(response=first)
    steps.until_so(page, lambda: len(waiting) == 2 * pieces)
    for one in waiting[pieces:]:
        one.continue_()
    expect(page.locator("#history .timeline li")).to_have_count(moments + 1, timeout=SOON)
    page.wait_for_timeout(QUIET)
    assert len(waiting) == 2 * pieces
    counter.change("DELETE FROM events WHERE kind = 'order_cancelled' AND data = '{ }'")


def test_a_piece_that_gets_no_answer_says_nothing(visit: Visit, watch: Any) -> None:
    page = visit()
    watch.allow("Failed to load resource", "htmx:error: Failed to fetch")
    _open(page, ORDER)
    page.route(f"**{ORDER}", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.evaluate("document.body.dispatchEvent(new CustomEvent('counter-changed', { bubbles: true }))")
    page.wait_for_timeout(QUIET)
    expect(page.locator("#toasts > *")).to_have_count(0)


LOST = ("Failed to load resource", "htmx:error: Failed to fetch")
AGAIN = {
    "the network": "dispatchEvent(new Event('online'))",
    "somebody who looks": "document.dispatchEvent(new Event('visibilitychange'))",
    "a while": "",
}

NO_WHILE = (
    "const { setTimeout: real } = window; window.setTimeout = (then, ms, ...more) => ms === 5000 ? 0 : real(then, ms, ...more);"
)


@pytest.mark.parametrize("path", [ORDER, "/arrivals"])
@pytest.mark.parametrize("back", AGAIN)
def test_a_question_that_was_lost_is_asked_again(visit: Visit, watch: Any, path: str, back: str) -> None:
    """Each piece its own, and none once it has its answer."""
    page = visit()
    watch.allow(*LOST)
    if back != "a while":
        page.add_init_script(NO_WHILE)
    _open(page, path)
    pieces = page.locator(PIECES).count()
    lost: list[Request] = []
    page.on("requestfailed", lambda request: lost.append(request))
    page.route(f"**{path}", lambda route: route.abort())
    page.evaluate("document.body.dispatchEvent(new CustomEvent('counter-changed', { bubbles: true }))")
    steps.until_so(page, lambda: len(lost) == pieces)
    page.unroute(f"**{path}")
    answered: list[Any] = []
    page.on("response", lambda response: answered.append(response) if response.url.endswith(path) else None)
    page.evaluate(AGAIN[back])
    steps.until_so(page, lambda: len(answered) == pieces)
    steps.settled(page)
    page.evaluate(AGAIN["the network"])
    page.wait_for_timeout(QUIET)
    assert len(answered) == pieces
