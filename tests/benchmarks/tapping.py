"""From a tap on an order in the list until it can be read, on a phone without a network and with a quarter of this CPU."""

import asyncio
import itertools
import statistics
import time
from typing import Any

from msgspec import Struct
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from e2e.conftest import CHROMIUM, QUIET, SCREENS
from tests.benchmarks import databases
from tests.benchmarks.databases import Database

ORDERS, TAPS, SLOWER = 10_000, 40, 4
PATIENCE = 120.0  # seconds
# From the finger's touch to the frame that shows the order: what is posted in an animation frame comes after it is painted.
WATCH = """
addEventListener('pointerdown', ({ timeStamp }) => { window.tapped = timeStamp; window.shown = 0; }, true);
document.addEventListener('htmx:after:settle', ({ target }) => {
  if (target.id !== 'main' || !document.querySelector('main .paper')) return;
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { window.shown = performance.now() - window.tapped; };
    port2.postMessage('painted');
  });
});
"""
PACKED = "async () => Boolean(navigator.serviceWorker.controller) && await askWorker('pack', {}).catch(() => false)"
KEPT = """async () => {
  const all = await fetch('/orders?shown=200', { headers: { 'HX-Request': 'true' } });
  return (await all.text()).split('<article ').length - 1;
}"""
CARDS = "[...document.querySelectorAll('.order-card h3 a')].map((link) => link.getAttribute('href'))"
IDLE = "new Promise((idle) => requestAnimationFrame(() => requestIdleCallback(idle)))"
BACK = "location.pathname === '/orders' && Boolean(document.querySelector('.order-card'))"


class Tapping(Struct):
    """Milliseconds, of one tap each; `kept` is how many orders the phone held."""

    kept: int
    shown: list[float]

    @property
    def median(self) -> float:
        return round(statistics.median(self.shown), 1)

    @property
    def most(self) -> float:
        """19 of 20 take no longer."""
        return round(statistics.quantiles(self.shown, n=20)[-1], 1)


async def measured(database: Database) -> Tapping:
    cast = database.filled(ORDERS)
    async with databases.served(database) as (port, _process), async_playwright() as playwright:
        own: dict[str, Any] = {"executable_path": str(CHROMIUM)} if CHROMIUM.exists() else {"channel": "chromium"}
        browser = await playwright.chromium.launch(**own, args=QUIET)
        try:
            return await _tapped(await _phone(browser, f"http://localhost:{port}", cast.collector))
        finally:
            await browser.close()


async def _phone(browser: Browser, url: str, token: str) -> BrowserContext:
    context = await browser.new_context(**SCREENS["phone"], base_url=url)
    context.set_default_timeout(PATIENCE * 1000)
    await context.add_cookies([{"name": "session", "value": token, "url": url}])
    await context.add_init_script(WATCH)
    return context


async def _tapped(context: BrowserContext) -> Tapping:
    page = await context.new_page()
    await page.goto("/orders")
    await _until(page, PACKED)
    await context.set_offline(True)
    await page.goto("/orders")
    orders: list[str] = await page.evaluate(CARDS)
    kept = await page.evaluate(KEPT)
    devtools = await context.new_cdp_session(page)
    await devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    found = Tapping(kept, [])
    for path in itertools.islice(itertools.cycle(orders), TAPS + 1):
        await _tap(page, path)
        found.shown.append(await _until(page, "window.shown"))
        await page.go_back()
        await _until(page, BACK)
    found.shown.pop(0)  # in which the page learned how
    return found


async def _tap(page: Page, path: str) -> None:
    """A touch where it is, and nothing else: Playwright's own tap looks from within the page whom it will hit. A finger
    comes when what it scrolled to stands still."""
    link = page.locator(f".order-card h3 a[href='{path}']")
    await link.scroll_into_view_if_needed()
    box = await link.bounding_box()
    assert box
    await page.evaluate(IDLE)
    await page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


async def _until(page: Page, script: str) -> Any:
    """The first truthy value. It is asked seldom: asking is work for the page, too."""
    end = time.monotonic() + PATIENCE
    while not (found := await page.evaluate(script)):
        assert time.monotonic() < end, f"never came true: {script}"
        await asyncio.sleep(0.2)
    return found
