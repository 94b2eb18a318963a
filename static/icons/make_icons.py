"""Make favicon.ico, apple-touch-icon.png, push.png and badge.png (what notifications show) from icon.svg and mark.svg with a
browser. For developers; nothing runs it.

python static/icons/make_icons.py      (needs Playwright and /usr/bin/chromium)
"""

import struct
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
GROUND = "#0f5c8c"  # iOS rounds the corners itself and shows black where a picture is transparent


def drawn(page: Page, pixels: int, *, square: bool = False, name: str = "icon.svg") -> bytes:
    """The icon as PNG, transparent around its round corners unless `square`."""
    svg = (HERE / name).read_text("utf-8").replace("<svg ", f'<svg width="{pixels}" height="{pixels}" ', 1)
    ground = f"background:{GROUND}" if square else ""
    page.set_viewport_size({"width": pixels, "height": pixels})
    page.set_content(f'<body style="margin:0;{ground}">{svg}</body>')
    return page.screenshot(omit_background=not square)


def ico(pictures: dict[int, bytes]) -> bytes:
    """An .ico of PNG pictures: a header of 6 bytes, 16 bytes for each picture, then the pictures."""
    offset = 6 + 16 * len(pictures)
    entries, data = b"", b""
    for size, png in pictures.items():
        entries += struct.pack("<BBBBHHII", size, size, 0, 0, 1, 32, len(png), offset + len(data))
        data += png
    return struct.pack("<HHH", 0, 1, len(pictures)) + entries + data


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        (HERE / "favicon.ico").write_bytes(ico({size: drawn(page, size) for size in (16, 32, 48)}))
        (HERE / "apple-touch-icon.png").write_bytes(drawn(page, 180, square=True))
        (HERE / "push.png").write_bytes(drawn(page, 192))
        (HERE / "badge.png").write_bytes(drawn(page, 96, name="mark.svg"))  # of which Android takes the shape alone
        browser.close()


if __name__ == "__main__":
    main()
