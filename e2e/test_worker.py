"""What the worker does where something is broken, full or out of date, asked of the worker itself."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e import offline, steps
from e2e.conftest import Visit
from e2e.counter import Counter
from e2e.watch import Watch

ARCHIVED = ["/orders/A-10482/archiving", "archived=yes"]
# What is written finds no room, of anything or of one store.
FULL = """(name) => {
  for (const how of ['add', 'put', 'delete', 'clear']) { // of what has only a journal left no deleting either
    const real = IDBObjectStore.prototype[how];
    IDBObjectStore.prototype[how] = function written(...about) {
      if (!name || this.name === name) throw new DOMException('', 'QuotaExceededError');
      return real.apply(this, about);
    };
  }
}"""
PAUSES = """async () => {
  const times = [];
  for (const why of ['cut', 'more', 'busy', 'cut', 'wrong', 'wrong']) {
    await noteFailed(await viewer(), why);
    times.push((await fact('failed')).times);
  }
  return times;
}"""
NO_ROOM_AT_ALL = """async () => {
  const id = await viewer();
  await put(id, `kept-${id}`, '/pictures/x', new Response('x'));
  await note('pictures', { '/pictures/x': 1 });
  note = () => { throw new DOMException('', 'QuotaExceededError'); };
  const full = () => { throw new DOMException('', 'QuotaExceededError'); };
  return withRoom(id, '', full).catch((error) => error.name);
}"""
BROKEN_COPIES = """async () => {
  copy = () => { throw new Error('whatever it may be'); };
  const body = new TextEncoder().encode('back=/orders').buffer;
  return (await back({ body, from: `${location.origin}/orders/none` })).headers.get('location');
}"""
OLDER = """async () => {
  await inStore('facts', 'readwrite', (store) => { store.put(true, 'leaving'); store.put(true, 'purging'); });
  facts.clear();
  const somebody = await viewer();
  const told = await left({ waitUntil() {} });
  return [somebody, told, await fact('leaving') ?? null, await fact('purging') ?? null];
}"""
TWO_WAIT = """async () => {
  const row = { url: '/x', type: '', at: 0, state: 'waiting' };
  for (const viewer of ['somebody', 'else']) await inStore('waiting', 'readwrite', (store) => store.add({ ...row, viewer }));
  await dropUnsent('else');
  const all = await inStore('waiting', 'readonly', (store) => store.getAll());
  return [all.map(({ viewer }) => viewer), await fact('lost')];
}"""
# No page hears of it and leaves: this worker may be stopped with the last of them.
FORGETS = """async (quiet) => {
  const row = { url: '/x', viewer: await viewer(), state: 'waiting' };
  await inStore('waiting', 'readwrite', (store) => store.add(row));
  everyPage.postMessage = () => {};
  await ASKED.forget({ quiet });
  return await fact('lost') ?? false;
}"""
AWAY = """async (about) => {
  const A_DAY = 86_400_000;
  for (const name in about) await note(name, about[name] === null ? undefined : Date.now() - about[name] * A_DAY);
  return Math.round(await away() / A_DAY);
}"""
TWO_DEBTS = """async () => {
  await note('leaving', { address: '/sign-out', viewer: 'one', at: 1 });
  let answer;
  fetch = () => new Promise((done) => { answer = () => done(new Response(null, { status: 204 })); });
  const told = left({ waitUntil() {} });
  while (!answer) await wait(1);
  await note('leaving', { address: '/sign-out', viewer: 'one', at: 2 }); // meanwhile
  answer();
  return [await told, (await fact('leaving')).at];
}"""
REFUSED_ON_THE_WAY = """async () => {
  fetch = async () => new Response('<h1>Forbidden</h1>', { status: 403, headers: { 'Content-Type': 'text/html' } });
  const said = await sendWaiting();
  const [row] = await rows();
  await changeRow(row.id, { failed: { times: 9, since: Date.now() - 86_400_001 } }); // a day later
  await sendWaiting();
  return [said, (await rows())[0].state];
}"""


@pytest.fixture(scope="module")
def browser(whole_browser: Browser) -> Browser:
    """The headless shell breaks at the number on the icon."""
    return whole_browser


@pytest.fixture
def page(visit: Visit, watch: Watch) -> Page:
    """Alice's, with a worker that has kept nothing but what was looked at."""
    watch.allow("net::ERR_", "Failed to fetch", "EventSource's response has a MIME type", "status of 401")
    opened = visit("phone", worker=True)
    offline.without_the_pack(opened)
    offline.ready(opened, "/account/profile")
    return opened


def worker(page: Page) -> Any:
    return page.context.service_workers[0]


def test_only_what_cannot_succeed_makes_pauses_longer(page: Page) -> None:
    assert worker(page).evaluate(PAUSES) == [1, 1, 1, 1, 2, 3]


def test_where_nothing_more_can_be_dropped_it_gives_up(page: Page) -> None:
    assert worker(page).evaluate(NO_ROOM_AT_ALL) == "QuotaExceededError"


def test_what_waits_outlives_a_repair_of_a_full_device(page: Page) -> None:
    worker(page).evaluate(offline.WAITS, ARCHIVED)
    worker(page).evaluate(FULL, "")
    assert page.evaluate("() => askWorker('anew')")
    assert worker(page).evaluate("async () => (await inStore('waiting', 'readonly', (it) => it.count()))") == 1


def test_who_signs_out_where_nothing_can_be_noted_leaves_no_page(page: Page, counter: Counter) -> None:
    offline.seen(page, "/orders/A-10482")
    page.goto("/account")
    worker(page).evaluate(FULL, "facts")
    page.locator("main form[action='/sign-out'] button").click()
    page.wait_for_url("**/sign-in")
    assert "A-10482" not in offline.kept(page)


def test_a_change_whose_way_back_is_broken_waits_all_the_same(page: Page) -> None:
    assert worker(page).evaluate(BROKEN_COPIES).endswith("/offline/waiting")


def test_without_room_what_was_typed_stays_when_the_session_has_run_out(page: Page, counter: Counter) -> None:
    page.locator("#name").fill("Half a na")
    page.context.clear_cookies()
    worker(page).evaluate(FULL, "waiting")
    page.locator("#main .form button.first").click()
    expect(page.locator(".toast.bad")).to_contain_text("this device has no room left")
    expect(page.locator("#name")).to_have_value("Half a na")


def test_what_an_older_worker_has_noted_is_ended(page: Page) -> None:
    assert worker(page).evaluate(OLDER) == ["", True, None, None]


def test_of_anybody_else_what_waited_is_dropped_and_owned_up_to(page: Page) -> None:
    assert worker(page).evaluate(TWO_WAIT) == [["else"], True]


@pytest.mark.parametrize("quiet", [True, False])
def test_what_was_lost_is_told_unless_it_was_asked_for(page: Page, quiet: bool) -> None:
    assert worker(page).evaluate(FORGETS, quiet) is not quiet


def test_a_clock_that_is_wrong_forgets_nobody(page: Page) -> None:
    """In days: by this device's clock and by the shop's, and what counts."""
    for contact, shop, days in ((3, None, 3), (None, 5, 5), (400, 1, 1), (-9, -9, 0), (None, None, 0)):
        assert worker(page).evaluate(AWAY, {"contact": contact, "shop": shop}) == days, (contact, shop)


def test_a_sign_out_is_not_told_by_the_telling_of_an_older_one(page: Page) -> None:
    assert worker(page).evaluate(TWO_DEBTS) == [False, 2]


def test_what_is_refused_on_the_way_holds_nothing_up_and_is_said_after_a_day(page: Page) -> None:
    worker(page).evaluate(offline.WAITS, ARCHIVED)
    assert worker(page).evaluate(REFUSED_ON_THE_WAY) == ["later", "refused"]


def test_health_says_of_the_pack_what_helps(page: Page) -> None:
    page.goto("/app-health")
    kept = "(about) => healthFacts.kept({ about: { orders: 9, synced: 1, contact: 1, ...about } })[0]"
    for about, said in (
        ({"full": 1, "failed": {"at": 1, "times": 3, "why": "full"}}, "full"),
        ({"failed": {"at": 1, "times": 1, "why": "cut"}}, "good"),
        ({"failed": {"at": 1, "times": 1, "why": "wrong"}}, "failed"),
        ({"orders": 0}, "plain"),
    ):
        assert page.evaluate(kept, about) == said, about


def test_who_was_asked_before_signing_out_is_asked_anew_when_more_waits(page: Page) -> None:
    page.goto("/account")
    page.context.set_offline(True)
    worker(page).evaluate(offline.WAITS, ARCHIVED)
    form = page.locator("main form[action='/sign-out']")
    form.locator("button").click()
    expect(form.locator("[data-unsent=yes] b")).to_have_text("1")
    worker(page).evaluate(offline.WAITS, ARCHIVED)
    worker(page).evaluate("() => everyPage.postMessage({ said: 'waiting' })")
    expect(form.locator("[data-unsent=no]")).to_be_visible()
    form.locator("button").click()
    expect(form.locator("[data-unsent=yes] b")).to_have_text("2")
    steps.settled(page)


def test_a_page_that_was_not_left_after_all_hears_of_it_later(page: Page) -> None:
    page.clock.install()
    page.reload()
    asked: list[str] = []
    page.on("request", lambda it: asked.append(it.url))
    page.evaluate("() => dispatchEvent(new Event('beforeunload'))")  # a download, say
    worker(page).evaluate("() => everyPage.postMessage({ said: 'forgotten' })")
    page.clock.run_for(4_000)
    page.evaluate("() => fetch('/up')")  # behind whatever it has asked for
    assert [url for url in asked if url.endswith("/sign-in")] == []
    page.clock.run_for(2_000)
    page.wait_for_url("**/orders")  # from the door on: nobody has signed out


def test_who_saves_data_is_asked_for_once_a_day_and_without_pictures(visit: Visit) -> None:
    page = visit("phone", worker=True)
    page.add_init_script("Object.defineProperty(navigator, 'connection', { value: { saveData: true } });")
    offline.ready(page)
    steps.until(page, "async () => (await askWorker('about')).synced")
    worker(page).evaluate(
        "async () => { await bringing; self.packs = 0; bring = async () => { self.packs += 1; return true; }; }"
    )
    assert worker(page).evaluate("async () => Object.keys(await sizes())") == []
    for hours, packs in ((2, 0), (23, 0), (25, 1)):
        worker(page).evaluate("async (hours) => note('synced', Date.now() - hours * 3_600_000)", hours)
        page.evaluate("async () => document.dispatchEvent(new CustomEvent('worker-ready'))")
        page.evaluate("() => askWorker('about')")  # behind that
        assert worker(page).evaluate("() => self.packs") == packs, hours


def test_a_change_that_waits_leaves_the_focus_where_it_is(page: Page) -> None:
    page.goto("/orders/A-10482")
    page.context.set_offline(True)
    button = page.locator("form[action$='/archiving'] button")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".waits")).to_be_visible()
    expect(button).to_be_focused()


def test_who_is_led_to_a_place_on_a_page_finds_it_also_without_a_network(page: Page) -> None:
    address = "/orders/A-10482#sums"
    page.goto(address)
    top = page.evaluate("scrollY")
    assert top > 500
    offline.seen(page, "/arrivals")
    page.context.set_offline(True)
    link = page.locator(".arrival h3 a").first
    link.evaluate("(it, address) => it.setAttribute('href', address)", address)
    link.click()
    page.wait_for_url(f"**{address}")
    steps.settled(page)
    assert abs(page.evaluate("scrollY") - top) < 100, "but for the line that says how old it is"
