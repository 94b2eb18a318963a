"""Make the pictures that a browser shows before it installs the counter, from the demo shop. For developers; nothing runs it.

python -m e2e.screenshots      (needs Playwright and /usr/bin/chromium)
"""

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from app.web.manifest import NARROW, WIDE
from e2e import steps
from e2e.conftest import QUIET, ZONES
from e2e.counter import ROOT, Counter

INTO = ROOT / "static/screenshots"
MOST_BYTES = 80_000
# (name, form): where, and the size of its window; a phone's has two pixels for one.
SHOWN = {
    ("orders", "narrow"): ("/orders", NARROW),
    ("order", "narrow"): ("/orders/A-10482", NARROW),
    ("orders", "wide"): ("/orders", WIDE),
}


def opened(browser: Browser, counter: Counter, size: tuple[int, int], locale: str) -> Page:
    scale = 2 if size == NARROW else 1
    context = browser.new_context(
        viewport={"width": size[0] // scale, "height": size[1] // scale}, device_scale_factor=scale, locale=locale,
        is_mobile=scale == 2, has_touch=scale == 2, timezone_id=ZONES[locale], reduced_motion="reduce",
    )  # fmt: skip
    token = counter.session("alice@example.com", locale)
    context.add_cookies([{"name": "session", "value": token, "url": counter.url}])
    return context.new_page()


def small(png: bytes) -> bytes:
    """As WebP, as good as fits."""
    for quality in range(86, 30, -4):
        made = io.BytesIO()
        Image.open(io.BytesIO(png)).convert("RGB").save(made, "WEBP", quality=quality, method=6)
        if made.tell() <= MOST_BYTES:
            break
    return made.getvalue()


def shoot(browser: Browser, counter: Counter) -> None:
    for (name, form), (path, size) in SHOWN.items():
        for locale in ZONES:
            page = opened(browser, counter, size, locale)
            page.goto(f"{counter.url}{path}")
            for hint in page.locator("passkey-hint").all():
                hint.evaluate("(it) => it.remove()")
            steps.settled(page)
            (INTO / f"{name}-{form}-{locale}.webp").write_bytes(small(page.screenshot()))
            page.context.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        counter = Counter(Path(folder))
        counter.command("migrate")
        counter.command("seed")
        counter.start()
        try:
            shoot(playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET), counter)
        finally:
            counter.stop()


if __name__ == "__main__":
    main()
