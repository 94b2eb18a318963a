"""Without a network: what was seen is there and says how old it is, what was not says so; and who has gone leaves nothing."""

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from e2e import offline, steps
from e2e.conftest import SCREENS, Visit
from e2e.counter import Counter
from e2e.watch import Watch

ORDER = "/orders/A-10482"
OWN = "/orders/1"  # of a newcomer
ARCHIVED = """SELECT count(*) FROM events e JOIN customers c ON c.id = e.customer
WHERE c.email = '{email}' AND e.kind = 'order_archived'"""
ASKED_BY = "async (viewer) => (await askWorker('waiting', { viewer })).rows"
# A message for whoever has gone, and what is shown of it.
PUSHED = """async () => {
  let shown;
  registration.showNotification = async (title, { body }) => { shown = [title, body]; };
  const sent = { notification: { title: 'Delivered', body: 'Teapot', navigate: '/orders/1' } };
  await show({ data: { json: () => sent }, waitUntil() {} });
  return shown;
}"""
HEADERS = "async (path) => Object.fromEntries((await fetch(path, { headers: { 'HX-Request': 'true' } })).headers)"
AGED = f"""async () => {{
  const headers = {{ 'X-Kept-At': new Date(Date.now() - 3.5 * 3600000).toISOString(), 'X-Kept-Part': 'whole' }};
  const cache = await caches.open(`seen-${{await viewer()}}`);
  await cache.put('{ORDER}', new Response(await (await cache.match('{ORDER}')).text(), {{ headers }}));
}}"""

# How many days ago the last contact was by this device's clock and by the shop's, and whether all is there yet. A clock was put
# right since; another one always goes ahead; one was set back.
TIMES = [(13.9, 13.9, True), (400, 0, True), (0, 400, True), (-400, -400, True), (14.1, 14.1, False)]
UNSENT = """async () => {
  const row = { viewer: await viewer(), url: '/x', type: 'typed without a network', state: 'refused' };
  await inStore('waiting', 'readwrite', (store) => store.add(row));
}"""
AGO = "async (days) => { for (const name in days) await note(name, Date.now() - days[name] * 86400000); }"
COUNT_WHAT_IS_LEARNT = """() => {
  const real = learn;
  self.learnt = 0;
  learn = async (...about) => { await real(...about).catch(() => {}); self.learnt += 1; };
}"""
ASKED_WHILE_PEOPLE_CHANGE = """async () => {
  const real = dropCopies;
  dropCopies = async () => { await wait(100); await real(); };
  const asks = [0, 5, 50, 90].map((late) => wait(late).then(viewer));
  await becomes('third', Date.now() + 1000);
  await Promise.all(asks);
  await wait(0);
  dropCopies = real;
  return [await viewer(), await fact('viewer'), await fact('purging') ?? null];
}"""


@pytest.fixture(scope="module")
def browser(whole_browser: Browser) -> Browser:
    """The headless shell breaks at the number on the icon."""
    return whole_browser


@pytest.fixture(autouse=True)
def no_network(watch: Watch) -> None:
    watch.allow("net::ERR_")
    watch.allow("htmx:error: Failed to fetch")
    watch.allow("EventSource's response has a MIME type", "status of 401")  # asked again when nobody was signed in any more


def said(page: Page, other: Page, words: str) -> None:
    """Once, in the tab that came first."""
    toasts = [tab.locator("#toasts", has_text=words) for tab in (page, other)]
    steps.until_so(page, lambda: any(it.count() for it in toasts))


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize(
    ("locale", "words", "none"),
    [
        ("en", "Offline copy, kept just now.", "This page is not kept on this device."),
        ("fr", "Copie hors ligne, gardée à l’instant.", "Cette page n’est pas gardée sur cet appareil."),
    ],
)
def test_what_was_seen_is_there_and_says_how_old_it_is(visit: Visit, locale: str, words: str, none: str, screen: str) -> None:
    page = visit(screen, locale=locale, worker=True)
    offline.ready(page)
    for path in ("/orders", ORDER):
        offline.seen(page, path)
    page.context.set_offline(True)
    page.goto("/orders")
    expect(page.locator(".kept-note")).to_contain_text(words)
    expect(page.locator(".kept-note time")).to_have_attribute("datetime", steps.INSTANT)
    page.locator(f".order-card h3 a[href='{ORDER}']").click()
    expect(page.locator(".paper")).to_be_visible()
    page.go_back()  # at once: neither this page nor its title stays
    expect(steps.cards(page).first).to_be_visible()
    expect(page).not_to_have_title(re.compile("A-10482"))
    page.go_forward()
    expect(page.locator(".paper")).to_be_visible()
    expect(page.locator(".kept-note")).to_have_count(1)
    steps.looks_right(page)
    told = page.evaluate(HEADERS, ORDER)
    assert "require-trusted-types-for 'script'" in told["content-security-policy"]  # as from the server
    page.goto("/orders/A-10482")  # by its address, too
    expect(page.locator(".kept-note")).to_contain_text(words)
    page.goto("/account/profile")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("#offline")).to_contain_text(none)
    expect(page.locator("#offline .rows a:visible").first).to_have_attribute("href", "/orders")
    steps.looks_right(page)
    page.context.set_offline(False)
    page.locator("#offline a.first").click()
    expect(page.locator("#name")).to_be_visible()  # the page itself


def test_a_page_that_takes_too_long_is_shown_as_it_was(visit: Visit) -> None:
    page = visit("phone", worker=True)
    offline.ready(page)
    offline.seen(page, ORDER)
    held: list[Route] = []
    page.context.route(f"**{ORDER}", lambda route: held.append(route))
    page.goto(ORDER)
    expect(page.locator(".kept-note")).to_be_visible()
    for route in held:
        route.continue_()
    page.context.unroute(f"**{ORDER}")
    page.goto(ORDER)
    expect(page.locator(".kept-note")).to_have_count(0)


def test_nothing_of_whoever_signs_out_is_left(visit: Visit, counter: Counter, email: str) -> None:
    """Also of what is on its way meanwhile, in the other tabs, and in the browser's own cache. What waits is sent before."""
    token = counter.session(email)
    page = visit("phone", session=token, worker=True)
    offline.ready(page)
    offline.seen(page, OWN)
    assert page.evaluate(offline.CACHED, OWN)
    worker: Any = page.context.service_workers[0]
    other = page.context.new_page()
    other.goto("/orders")
    assert "Teapot" in offline.kept(page)
    page.goto("/account")
    worker.evaluate(offline.WAITS, [f"{OWN}/archiving", "archived=yes"])  # sent by no page that is opened
    page.locator("main form[action='/sign-out'] button").click()
    page.wait_for_url("**/sign-in")
    other.wait_for_url(re.compile(r"/sign-in(\?|$)"))  # by its own way, or led there when it asked for its list
    said(page, other, "You are signed out.")
    for word in ("Teapot", email, "archived=yes"):
        assert word not in offline.kept(page)
    assert counter.number(ARCHIVED.format(email=email)) == 1
    page.context.add_cookies([{"name": "session", "value": token, "url": counter.url}])  # a page goes with its cookie
    assert not page.evaluate(offline.CACHED, OWN)
    page.context.set_offline(True)
    page.goto(OWN)
    expect(page.locator("#offline")).to_be_visible()
    assert page.locator("#offline .rows a:visible").count() == 0


def test_signing_out_without_a_network_ends_the_session_as_soon_as_there_is_one(
    visit: Visit, counter: Counter, email: str
) -> None:
    """What would be lost is said first; then that it is done; and until the server knows, nothing is shown that is hers."""
    token = counter.session(email)
    page = visit("phone", session=token, worker=True)
    offline.ready(page)
    for path in (OWN, "/account"):
        offline.seen(page, path)
    page.context.set_offline(True)
    page.goto("/account")
    worker: Any = page.context.service_workers[0]
    worker.evaluate(offline.WAITS, [f"{OWN}/archiving", "archived=yes"])
    button = page.locator("main form[action='/sign-out'] button")
    button.click()
    expect(page.locator("main .unsent")).to_have_text("Not sent yet, and lost if you sign out: 1 Look at it")
    expect(button).to_have_text("Sign out all the same", use_inner_text=True)
    steps.looks_right(page)
    button.click()
    expect(page.locator("#offline h1")).to_have_text("You are signed out")
    steps.looks_right(page)
    assert "Teapot" not in offline.kept(page)
    page.goto(OWN)
    expect(page.locator("#offline h1")).to_have_text("You are signed out")
    page.goto("/app-health")
    expect(page.locator("app-health [data-line=kept].plain")).to_be_visible()
    assert worker.evaluate(PUSHED) == ["There is news", "Sign in to read it."]
    assert counter.knows(token)
    answers = [503, 200, 302]  # of others: a proxy, a portal
    page.context.route("**/sign-out", lambda route: route.fulfill(status=answers.pop(), headers={"Location": "/up"}))
    page.context.set_offline(False)
    while answers:
        page.goto("/orders")
        expect(page.locator("#offline h1")).to_have_text("You are signed out")
    page.context.unroute("**/sign-out")
    page.goto("/orders")
    expect(page).to_have_url(f"{counter.url}/sign-in?next=/orders")
    assert not counter.knows(token)
    assert "Teapot" not in offline.kept(page)
    assert counter.number(ARCHIVED.format(email=email)) == 0


def test_of_two_people_on_one_device_the_second_finds_nothing_of_the_first(
    visit: Visit, counter: Counter, watch: Watch
) -> None:
    watch.allow("status of 409")  # what waits is hers
    page = visit("phone", who="", worker=True)
    offline.ready_by_link(page, counter.link("alice@example.com"))
    offline.seen(page, ORDER)
    assert page.evaluate(offline.CACHED, ORDER)
    stale = page.context.new_page()
    stale.goto("/orders")
    name = stale.locator(".account-button").text_content()
    # Her session has run out, which is no sign-out; then Bob signs in.
    session = next(it for it in page.context.cookies() if it["name"] == "session")
    page.context.clear_cookies(name="session")
    worker: Any = page.context.service_workers[0]
    worker.evaluate(offline.WAITS, [f"{ORDER}/archiving", "archived=typed-by-her"])
    assert page.evaluate(ASKED_BY, "somebody else") == []  # who has just come in, and is not known yet
    loads: list[str] = []
    page.on("load", lambda it: loads.append(it.url))
    steps.use_link(page, counter.link("bob@example.com"))
    said(page, stale, "could not be sent any more")
    expect(stale.locator(".account-button")).not_to_have_text(name or "")
    for word in ("A-10482", "Alice", "alice@example.com", "typed-by-her"):
        assert word not in offline.kept(page), word
    assert loads.count(f"{counter.url}/orders") == 1  # his own page stays
    page.context.add_cookies([{"name": "session", "value": session["value"], "url": counter.url}])
    assert not page.evaluate(offline.CACHED, ORDER)
    stale.close()
    page.goto("about:blank")  # no page says whose it is meanwhile
    assert worker.evaluate(ASKED_WHILE_PEOPLE_CHANGE) == ["third", "third", None]
    page.context.set_offline(True)
    page.goto(ORDER)
    expect(page.locator("#offline")).to_be_visible()


def test_who_has_gone_is_known_whichever_way_it_was_heard(visit: Visit, counter: Counter, email: str) -> None:
    """By a page that comes back as it was; by another worker; by the pack alone. An answer of before says nothing."""
    page = visit("phone", session=counter.session(email), worker=True)
    page.context.route("**/live", lambda route: route.abort())
    offline.without_the_pack(page)  # whose answer would say who is here
    offline.ready(page)
    worker: Any = page.context.service_workers[0]
    worker.evaluate("() => heard(new Response('', { headers: { 'X-Forget': '1' } }), 0)")
    assert worker.evaluate("() => viewer()")
    page.evaluate(offline.BACK)
    assert page.evaluate("() => askWorker('whose')")  # still theirs
    worker.evaluate("() => forget('')")
    with page.expect_navigation():
        page.evaluate(offline.BACK)
    offline.ready(page)
    worker.evaluate("() => inStore('facts', 'readwrite', (store) => store.delete('viewer'))")
    assert worker.evaluate("() => viewer()")  # remembered
    page.evaluate("() => new BroadcastChannel('facts').postMessage('viewer')")
    steps.until(page, "async () => await askWorker('whose') === ''")
    offline.ready(page)
    other = {"cookies": {"session": counter.session(email)}, "headers": {"Origin": counter.url}}
    assert httpx.post(f"{counter.url}/account/sessions/ending", **other).status_code == 303
    assert worker.evaluate("() => viewer()")
    worker.evaluate("() => ASKED.pack({ changed: true })")
    page.wait_for_url("**/sign-in")
    assert not worker.evaluate("() => viewer()")


def test_a_session_that_has_run_out_is_no_sign_out(visit: Visit, counter: Counter) -> None:
    token = counter.session("alice@example.com")
    page = visit("phone", session=token, worker=True)
    offline.ready(page)
    offline.seen(page, ORDER)
    counter.change("UPDATE sessions SET expires_at = '2020-01-01 00:00:00+00:00' WHERE id = (SELECT MAX(id) FROM sessions)")
    page.goto("/orders")
    page.wait_for_url("**/sign-in**")
    page.context.set_offline(True)
    page.goto(ORDER)
    expect(page.locator(".paper")).to_be_visible()


def test_after_a_fortnight_without_contact_nothing_is_left(visit: Visit) -> None:
    page = visit("phone", worker=True)
    offline.without_the_pack(page)
    offline.ready(page)
    offline.seen(page, ORDER)
    worker: Any = page.context.service_workers[0]
    worker.evaluate(AGED)
    page.goto("/orders")
    page.context.set_offline(True)
    page.go_back()  # which the browser would answer by itself, without a word of its age
    expect(page.locator(".kept-note")).to_contain_text("Offline copy, kept 3 hours ago.")
    worker.evaluate(UNSENT)
    for contact, shop, there in TIMES:
        worker.evaluate(AGO, {"contact": contact, "shop": shop})
        page.goto(ORDER)
        expect(page.locator(".kept-note" if there else "#offline")).to_be_visible()
    page.go_back()
    expect(page.locator("#offline")).to_be_visible()
    for word, there in (("A-10482", False), ("typed without a network", True)):
        assert (word in offline.kept(page)) is there, word
    worker.evaluate("() => becomes('somebody else', Date.now() + 1)")
    assert "typed without a network" not in offline.kept(page)


def test_a_page_kept_before_a_deployment_finds_todays_style(visit: Visit) -> None:
    page = visit("phone", worker=True)
    offline.ready(page)
    page.goto(ORDER)
    style = page.locator("link[rel=stylesheet]").first.get_attribute("href") or ""
    gone = f"{style.rpartition('.')[0].rpartition('.')[0]}.000000000000.css"
    assert page.evaluate("async (url) => (await fetch(url)).status", gone) == 200
    page.context.set_offline(True)
    same = "async ([one, other]) => await (await fetch(one)).text() === await (await fetch(other)).text()"
    assert page.evaluate(same, [gone, style])


def test_where_nothing_can_be_remembered_the_shop_is_there_all_the_same(visit: Visit, counter: Counter) -> None:
    token = counter.session("alice@example.com")
    page = visit("phone", session=token, worker=True)
    offline.ready(page)
    worker: Any = page.context.service_workers[0]
    worker.evaluate("""() => {
      opened = undefined;
      facts.clear();
      indexedDB.open = () => { throw new Error('no room'); };
      registration.getNotifications = undefined;
    }""")
    page.goto(ORDER)
    expect(page.locator(".paper")).to_be_visible()
    page.goto("/account")
    page.locator("main form[action='/sign-out'] button").click()
    page.wait_for_url("**/sign-in")
    assert not counter.knows(token)


def test_a_forgetting_that_was_cut_short_is_ended_before_anybody_else_is_kept_for(visit: Visit, counter: Counter) -> None:
    page = visit("phone", session=counter.session("alice@example.com"), worker=True)
    offline.ready(page)
    offline.seen(page, ORDER)
    worker: Any = page.context.service_workers[0]
    left = worker.evaluate("""async () => {
      const drop = caches.delete;
      caches.delete = () => { throw new Error('the browser was closed'); };
      await forget('').catch(() => {});
      const left = await caches.match('/orders/A-10482'); // whatever is asked of the worker from here on ends it
      caches.delete = drop;
      return Boolean(left);
    }""")
    assert left
    page.context.add_cookies([{"name": "session", "value": counter.session("bob@example.com"), "url": counter.url}])
    offline.ready(page)
    assert "A-10482" not in offline.kept(page)


def test_a_page_that_wakes_up_after_its_session_was_ended_elsewhere_is_left(
    visit: Visit, counter: Counter, email: str, watch: Watch
) -> None:
    """Nobody clicks, and the worker has nothing else to ask for."""
    watch.allow("status of 401")
    page = visit("phone", session=counter.session(email), worker=True)
    offline.without_the_pack(page)
    offline.ready(page)
    offline.seen(page, "/orders")
    page.evaluate("() => document.dispatchEvent(new Event('freeze'))")
    page.context.set_offline(True)
    other = {"cookies": {"session": counter.session(email)}, "headers": {"Origin": counter.url}}
    assert httpx.post(f"{counter.url}/account/sessions/ending", **other).status_code == 303
    page.context.set_offline(False)
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_url("**/sign-in")
    assert email not in offline.kept(page)


# A page that is not told to go, or does not hear it.
ASKS_AND_STAYS = """async (path) => {
  document.querySelector('meta[name="viewer"]').content = '';
  window.asked = [1, 2].map(() => fetch(path, { headers: { 'HX-Request': 'true' } }).then((answer) => answer.text()));
}"""


def test_what_is_on_its_way_at_a_sign_out_is_kept_no_more(visit: Visit, counter: Counter, watch: Watch) -> None:
    watch.allow("status of 401")
    page = visit("phone", session=counter.session("alice@example.com"), worker=True)
    offline.ready(page)
    page.goto("/account")
    held: list[tuple[Route, Any]] = []
    page.context.route(f"**{ORDER}", lambda route: held.append((route, route.fetch())))
    slow = page.context.new_page()
    slow.goto("/orders")
    worker: Any = page.context.service_workers[0]
    worker.evaluate(COUNT_WHAT_IS_LEARNT)
    slow.evaluate(ASKS_AND_STAYS, ORDER)
    steps.until_so(page, lambda: len(held) == 2)

    def let_go(asked: Route, answer: Any) -> None:
        asked.fulfill(response=answer)

    page.context.route("**/sign-out", lambda it: (let_go(*held[0]), it.continue_()))  # the worker has begun to forget
    page.locator("main form[action='/sign-out'] button").click()
    page.wait_for_url("**/sign-in")
    let_go(*held[1])
    page.context.unroute(f"**{ORDER}")
    slow.evaluate("() => Promise.all(window.asked)")
    steps.until_so(page, lambda: worker.evaluate("() => self.learnt") >= 2)
    for word in ("A-10482", "alice", "Alice"):
        assert word not in offline.kept(page)
