"""The pack: the newest hundred orders are on the device, to be opened, searched and narrowed without a network."""

from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from e2e import asking, offline, steps
from e2e.conftest import Visit
from e2e.counter import Counter
from e2e.watch import Watch

# Opened one after another, as by a tap: those that are not on show then with their age.
NOT_OPENED = """async (addresses) => {
  const wrong = [];
  for (const address of addresses) {
    await htmx.ajax('GET', address, { target: '#main', select: '#main', swap: 'outerHTML', headers: { 'HX-Boosted': 'true' } });
    const [paper, note] = ['.page.paper', '.kept-note'].map((it) => document.querySelectorAll(`#main ${it}`).length);
    const number = address.split('/').at(-1).split('.')[0]; // and perhaps the seller's name
    if (paper !== 1 || note !== 1 || !document.title.includes(number)) wrong.push([address, paper, note, document.title]);
  }
  return wrong;
}"""
FOUND = """async (query) => {
  const html = await (await fetch(`/orders?shown=200&${query}`, { headers: { 'HX-Request': 'true' } })).text();
  return [...html.matchAll(/<h3><a href="([^"]+)"/g)].map(([, url]) => url);
}"""
# With accents, signs that are parts of others, numbers of orders and of parcels, nothing, and all other choices.
QUERIES = [
    "q=À+l’ombre", "q=a+l'OMBRE", "q=vase+dune", "q=Ｖase", "q=a-105", "q=6a+4369", "q=6A43-69", "q=XE37", "q=zzzz", "q=%25",
    "q=_", "period=2026", "period=30days", "period=3months&state=delivered", "state=on_the_way", "state=preparing",
    "merchant=hifi-lambert&q=a", "archived=yes", "period=nonsense&state=nonsense", "q=" + "a+" * 9,
]  # fmt: skip
# What the pack's address answers, one time after the other: to ask again, its first three lines, nothing, half of it, all, then
# what is no line of ours. Pictures are not to be had at first.
CUT = """() => {
  const real = self.fetch;
  self.asked = [];
  self.fetch = async (address, ...rest) => {
    if (String(address).startsWith('/pictures/') && self.asked.length < 7) return new Response('', { status: 503 });
    if (!String(address).startsWith('/offline/pack')) return real(address, ...rest);
    const n = self.asked.push(address);
    if (n === 1) return new Response('', { status: 429, headers: { 'Retry-After': '0.01' } });
    if (n === 3) throw new TypeError('Failed to fetch');
    const response = await real(address, ...rest);
    const text = await response.text();
    const lines = text.split('\\n');
    const said = { 2: lines.slice(0, 3).join('\\n') + '\\n{"url', 4: text.slice(0, text.length / 2), 6: 'null\\n' }[n] ?? text;
    return new Response(said, { headers: response.headers });
  };
}"""
HALT = """() => {
  const real = self.fetch;
  self.halted = new Promise((reached) => {
    self.fetch = async (address, ...rest) => {
      const response = await real(address, ...rest);
      if (!String(address).startsWith('/offline/pack')) return response;
      const text = await response.text();
      const going = new Promise((go) => { self.go = go; });
      const body = new ReadableStream({
        async start(stream) {
          stream.enqueue(new TextEncoder().encode(text.slice(0, text.length / 2)));
          reached();
          await going;
          stream.enqueue(new TextEncoder().encode(text.slice(text.length / 2)));
          stream.close();
        },
      });
      return new Response(body, { headers: response.headers });
    };
  });
}"""
# There is room for the pages of thirty orders, and for the cards of fifty.
FULL = """() => {
  const { put } = Cache.prototype, cards = new Set();
  const { put: write, delete: drop } = IDBObjectStore.prototype;
  self.room = 50;
  let pages = 30;
  const full = () => { throw new DOMException('', 'QuotaExceededError'); };
  Cache.prototype.put = function kept(request, response) {
    const order = String(request.url ?? request).includes('/orders/');
    if (order && (pages -= 1) < 0) full();
    return put.call(this, request, response);
  };
  IDBObjectStore.prototype.put = function written(value, key) {
    if (this.name === 'orders' && !cards.has(value.url) && cards.size >= self.room) full();
    if (this.name === 'orders') cards.add(value.url);
    return write.call(this, value, key);
  };
  IDBObjectStore.prototype.delete = function dropped(key) {
    cards.delete(key);
    return drop.call(this, key);
  };
}"""
COUNT_COPIES = """() => {
  const put = Cache.prototype.put;
  self.copied = [];
  Cache.prototype.put = function counted(request, response) {
    self.copied.push(new URL(request.url ?? request).pathname);
    return put.call(this, request, response);
  };
}"""
OFFERED = ["/orders", "/arrivals", "/returns", "/inbox", "/notifications", "/account"]
PAGES_KEPT = """async () => {
  const name = (await caches.keys()).find((it) => it.startsWith('kept-'));
  const requests = name ? await (await caches.open(name)).keys() : [];
  return requests.map(({ url }) => new URL(url).pathname).filter((path) => path.startsWith('/orders/'));
}"""


@pytest.fixture(scope="module")
def browser(whole_browser: Browser) -> Browser:
    """The headless shell breaks at the number on the icon."""
    return whole_browser


@pytest.fixture(autouse=True)
def no_network(watch: Watch) -> None:
    watch.allow("net::ERR_", "Failed to fetch", "EventSource's response has a MIME type")


def packed(page: Page) -> None:
    """All of it is kept."""
    offline.ready(page)
    steps.until(page, "() => askWorker('pack')")


def unpacked(page: Page) -> Any:
    """A worker that has kept nothing yet, and is not asked to by the page; itself."""
    offline.without_the_pack(page)
    offline.ready(page)
    return page.context.service_workers[0]


def test_a_hundred_orders_open_and_are_found_as_with_a_network(visit: Visit, counter: Counter) -> None:
    page = visit("phone", session=counter.session("alice@example.com"), worker=True)
    packed(page)
    newest = page.evaluate(FOUND, "")[:100]
    bell = page.locator("#bell b").text_content()
    online = {query: [url for url in page.evaluate(FOUND, query) if url in newest] for query in QUERIES}
    page.context.set_offline(True)
    assert page.evaluate(NOT_OPENED, newest) == []
    assert len(newest) == 100
    assert page.evaluate(FOUND, "") == newest
    for query in QUERIES:
        assert page.evaluate(FOUND, query) == online[query], query
    for address in (newest[0], newest[-1]):
        page.goto(address)
        expect(page.locator(".page.paper")).to_be_visible()
        expect(page.locator(".kept-note")).to_be_visible()
    steps.looks_right(page)
    expect(page.locator(".tabs [aria-current]")).to_have_attribute("href", "/orders")
    expect(page.locator("#bell b")).to_have_text(bell or "")
    assert page.locator(".picture").first.evaluate("(it) => it.tagName !== 'IMG' || it.naturalWidth > 0")


def test_searching_and_choosing_without_a_network(visit: Visit, counter: Counter) -> None:
    page = visit("desktop", session=counter.session("alice@example.com", "fr"), locale="fr", worker=True)
    packed(page)
    page.goto("/orders")
    first = steps.addresses(page)
    page.context.set_offline(True)
    page.locator("#older a").click()  # the list that came from the server goes on with what is kept here
    steps.until(page, f"document.querySelectorAll('.order-card').length === {2 * len(first)}")
    page.reload()
    expect(page.locator(".kept-note")).to_be_visible()
    assert len(steps.addresses(page)) == 2 * len(first)
    while page.locator("#older").count():
        shown = len(steps.addresses(page))
        page.locator("#older a").click()
        steps.until(page, f"document.querySelectorAll('.order-card').length > {shown}")
    every = steps.addresses(page)
    assert len(set(every)) == len(every) > 90
    assert every[: len(first)] == first
    steps.search_for(page, "vase")
    found = steps.addresses(page)
    assert 0 < len(found) < len(every)
    expect(page.locator("#order-count")).to_have_text(f"{len(found)} commandes")
    expect(page.locator("#q")).to_be_focused()
    steps.choose_period(page, "2025")
    narrowed = steps.addresses(page)
    assert 0 < len(narrowed) < len(found)
    assert set(narrowed) < set(found)
    expect(page.locator("#q")).to_have_value("vase")
    steps.choose_filter(page, "Livré")
    expect(page.locator(".chosen li")).to_have_count(1)
    page.reload()
    expect(page.locator(".chips [aria-current]")).to_have_text("2025")
    steps.looks_right(page)
    page.goto("/orders?q=%3Cb%3Ezzzz&period=2025")
    expect(page.locator("#q")).to_have_value("<b>zzzz")
    expect(page.locator(".empty h2")).to_be_visible()
    steps.looks_right(page)
    page.context.set_offline(False)
    page.locator(".empty a").click()
    expect(page.locator("#older")).to_be_visible()  # with a network it is the list itself


def test_after_a_change_only_that_is_fetched(visit: Visit, counter: Counter) -> None:
    email = asking.came(counter)
    returned = f"/returns/{counter.beside('paid_back', email=email)}"
    token = counter.session(email)
    page = visit("phone", session=token, worker=True)
    packed(page)
    worker = page.context.service_workers[0]
    worker.evaluate(COUNT_COPIES)
    (order,) = steps.addresses(page)
    with httpx.Client(base_url=counter.url, cookies={"session": token}, headers={"Origin": counter.url}) as elsewhere:
        elsewhere.post(f"{order}/archiving", data={"archived": "yes"})
    steps.until(page, "() => askWorker('pack', { changed: true })")
    assert [path for path in worker.evaluate("() => self.copied") if path.startswith("/orders/")] == [order]
    page.context.set_offline(True)
    page.goto("/returns")
    page.locator(f".order-card a[href='{returned}']").click()
    expect(page.locator("#money")).to_be_visible()
    expect(page.locator(".kept-note time")).to_have_attribute("datetime", steps.INSTANT)
    worker.evaluate("async () => dropOthers(await viewer(), '/returns', 'a list that does not name it')")
    page.goto(returned)
    expect(page.locator("#offline")).to_be_visible()
    page.goto("/orders")
    expect(page.locator(".order-card")).to_have_count(0)
    worker.evaluate("async () => note('list', { ...await fact('list'), zone: 'Mars/Olympus' })")  # which no browser knows
    page.goto("/orders?archived=yes")
    expect(page.locator(".order-card")).to_have_count(1)


def test_what_was_cut_off_is_taken_up_and_what_cannot_succeed_is_left_alone(visit: Visit, counter: Counter) -> None:
    page = visit("phone", session=counter.session("alice@example.com", "en"), worker=True)
    worker = unpacked(page)
    worker.evaluate(CUT)
    assert not page.evaluate("() => askWorker('pack')")
    page.context.set_offline(True)
    page.goto("/orders")
    expect(page.locator("#offline, .kept-note").first).to_be_visible()
    assert "<!--CARDS-->" not in page.content()  # what the list is put together of is there, but no order
    page.context.set_offline(False)
    page.goto("/app-health")
    assert page.evaluate("() => askWorker('pack')")
    _busy, first, _none, second, third = worker.evaluate("() => self.asked")
    assert "resume" not in first
    assert "after=%2Forders&" in f"{second}&"
    assert "after=%2Forders%2F" in third
    assert len(page.evaluate(PAGES_KEPT)) == 100
    assert worker.evaluate("async () => Object.values(await sizes())") == []
    for _ in range(3):  # it is asked for once, then there is a pause
        page.evaluate("() => askWorker('pack', { changed: true }).catch(() => {})")
    assert worker.evaluate("() => self.asked.length") == 6
    page.goto("/app-health")
    expect(page.locator("[data-line=kept] [data-why=failed]")).to_contain_text("100 kept. The last try")
    expect(page.locator("[data-line=kept] [data-why=failed]")).to_contain_text("TypeError")
    worker.evaluate("async () => note('failed', { ...await fact('failed'), at: Date.now() - 60001 })")
    assert page.evaluate("() => askWorker('pack', { changed: true })")
    assert min(worker.evaluate("async () => Object.values(await sizes())")) > 0
    page.reload()
    expect(page.locator("[data-line=kept] [data-state=good]")).to_contain_text("100 kept, last brought up to date")


def test_a_full_device_keeps_what_fits_and_says_so(visit: Visit, counter: Counter) -> None:
    page = visit("phone", session=counter.session("alice@example.com", "en"), worker=True)
    worker = unpacked(page)
    worker.evaluate(FULL)
    newest = page.evaluate(FOUND, "")
    assert page.evaluate("() => askWorker('pack')")
    page.context.set_offline(True)
    assert page.evaluate(FOUND, "") == newest[:45]
    page.goto("/orders?shown=100")
    expect(page.locator(".older")).to_contain_text("Only your newest 45 orders are kept on this device.")
    page.goto("/app-health")
    expect(page.locator("[data-line=kept] [data-why=full]")).to_contain_text("45 kept")
    page.context.set_offline(False)
    page.goto("/app-health")
    worker.evaluate("async () => { self.room = 1000; await note('full', Date.now() - 86400001); }")  # a day later
    assert page.evaluate("() => askWorker('pack', { changed: true })")
    assert set(page.evaluate(PAGES_KEPT)) <= set(newest[:45])
    page.context.set_offline(True)
    assert page.evaluate(FOUND, "") == newest[:100]
    page.goto(newest[60])
    expect(page.locator("#offline")).to_be_visible()
    offered = page.locator("#offline .rows a:visible")
    assert offered.evaluate_all("(links) => links.map((it) => it.pathname)") == OFFERED


def test_signing_out_while_it_comes_leaves_nothing(visit: Visit, counter: Counter) -> None:
    page = visit("phone", session=counter.session("alice@example.com"), worker=True)
    worker = unpacked(page)
    worker.evaluate(HALT)
    page.evaluate("() => { askWorker('pack'); }")
    worker.evaluate("() => self.halted")
    steps.until(page, f"async () => (await ({PAGES_KEPT})()).length > 20")
    steps.sign_out(page)
    worker.evaluate("() => self.go()")
    steps.until_so(page, lambda: worker.evaluate("() => bringing === undefined"))
    for word in ("A-10482", "alice@", "Alice Martin"):
        assert word not in offline.kept(page), word
