"""What tests of the service worker do and look for."""

from playwright.sync_api import Page

from e2e import steps

SEEN = """async (path) => {
  const names = (await caches.keys()).filter((name) => name.startsWith('seen-'));
  return (await Promise.all(names.map((cacheName) => caches.match(path, { cacheName })))).some(Boolean);
}"""
CONTROLLED = "() => navigator.serviceWorker.controller?.state === 'activated'"
# Every text that is kept anywhere in this browser: of copies of pages, of databases, of local storage.
KEPT = """async () => {
  const done = (asked) => new Promise((tell) => { asked.onsuccess = () => tell(asked.result); });
  const typed = (name, value) => (value instanceof ArrayBuffer ? new TextDecoder().decode(value) : value);
  const texts = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) texts.push(name, request.url, await (await cache.match(request)).text());
  }
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const open = () => database.transaction(store).objectStore(store);
      texts.push(JSON.stringify([await done(open().getAllKeys()), await done(open().getAll())], typed));
    }
    database.close();
  }
  return texts.join('\\n');
}"""


# Whether the browser's own cache holds a page; nobody is asked.
CACHED = """(path) => fetch(path, { cache: 'only-if-cached', mode: 'same-origin' }).then(({ ok }) => ok, () => false)"""
# A change that was made without a network, as queue.js keeps it.
WAITS = """async ([url, text]) => {
  const row = { url, type: 'application/x-www-form-urlencoded', body: new TextEncoder().encode(text).buffer, at: Date.now() };
  Object.assign(row, { viewer: await viewer(), key: crypto.randomUUID(), from: '', state: 'waiting' });
  await inStore('waiting', 'readwrite', (store) => store.add(row));
}"""
BACK = "() => { dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })); }"  # a page that was kept whole, again


def kept(page: Page) -> str:
    found: str = page.evaluate(KEPT)
    return found


def ready(page: Page, path: str = "/orders") -> None:
    """The worker looks after the page and knows whose it is."""
    page.goto(path)
    steps.until(page, CONTROLLED)
    steps.until(page, "() => askWorker('viewer', { viewer: document.querySelector('meta[name=viewer]').content,"
                      " locale: document.documentElement.lang, loaded: performance.timeOrigin })")  # fmt: skip


def ready_by_link(page: Page, link: str) -> None:
    """The same for whoever comes in at the door. A page that is left while the worker is being set up may do without one."""
    steps.use_link(page, link)
    steps.until(page, CONTROLLED)
    ready(page)


def without_the_pack(page: Page) -> None:
    """Pages to come do not have the worker keep it: what is on the device is what a test has looked at."""
    page.add_init_script("Object.defineProperty(navigator, 'onLine', { value: false })")


def seen(page: Page, path: str) -> None:
    """Looked at, and kept."""
    page.goto(path)
    steps.until(page, SEEN, path)
