"""Make the icons that browsers, home screens and notifications ask for from one drawing. For developers; nothing runs it.

python static/icons/make_icons.py                                          (needs Playwright and /usr/bin/chromium)
python static/icons/make_icons.py --icon own.svg --mark glyph.svg --ground "#7a1f3d" --share 0.56 --into FOLDER

The second makes a folder for COMPTOIR_ICONS. `--icon` is square, on a ground of its own; `--mark` is its shape alone, white on
nothing; `--ground` is what lies around the drawing where a system cuts its own shape out of the picture, and `--share` how
much of the width the drawing then takes: everything that matters has to be within the middle circle of 80 % (W3C, “maskable”).
"""

import argparse
import struct
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
ICONS = HERE.parents[1] / "templates" / "parts" / "icons.html"
GROUND, SHARE = "#0f5c8c", 0.86  # the ground of icon.svg: its round corners are not seen on it
SHORTCUTS = {"orders": "package", "arrivals": "truck", "notifications": "bell"}  # as parts/icons.html names them


def drawn(page: Page, svg: str, pixels: int, *, ground: str = "", share: float = 1) -> bytes:
    """The drawing as PNG, in the middle of an opaque `ground`, or on nothing."""
    size = round(pixels * share)
    picture = svg.replace("<svg ", f'<svg width="{size}" height="{size}" ', 1)
    page.set_viewport_size({"width": pixels, "height": pixels})
    style = f"margin:0;display:grid;place-items:center;block-size:{pixels}px;background:{ground or 'none'}"
    page.set_content(f'<body style="{style}">{picture}</body>')
    return page.screenshot(omit_background=not ground)


def of_menu(name: str) -> str:
    """One of the pages' icons as a drawing of its own: white lines, as the menu has them."""
    path = ICONS.read_text("utf-8").partition(f'"{name}": "')[2].partition('"')[0]
    lines = 'fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" {lines}><path d="{path}"/></svg>'


def ico(pictures: dict[int, bytes]) -> bytes:
    """An .ico of PNG pictures: a header of 6 bytes, 16 bytes for each picture, then the pictures."""
    offset = 6 + 16 * len(pictures)
    entries, data = b"", b""
    for size, png in pictures.items():
        entries += struct.pack("<BBBBHHII", size, size, 0, 0, 1, 32, len(png), offset + len(data))
        data += png
    return struct.pack("<HHH", 0, 1, len(pictures)) + entries + data


def made(page: Page, icon: str, mark: str, ground: str, share: float) -> dict[str, bytes]:
    """By file name. iOS rounds the corners itself and shows black where a picture is transparent; of `badge.png` Android (and
    of a monochrome icon every system) takes the shape alone."""
    files = {
        "favicon.ico": ico({size: drawn(page, icon, size) for size in (16, 32, 48)}),
        "apple-touch-icon.png": drawn(page, icon, 180, ground=ground),
        "push.png": drawn(page, icon, 192),
        "icon-512.png": drawn(page, icon, 512),
        "badge.png": drawn(page, mark, 96),
    }
    files |= {f"maskable-{size}.png": drawn(page, icon, size, ground=ground, share=share) for size in (192, 512)}
    shortcuts = {
        f"shortcut-{name}.png": drawn(page, of_menu(it), 96, ground=ground, share=0.5) for name, it in SHORTCUTS.items()
    }
    return files | shortcuts


def main() -> None:
    words = argparse.ArgumentParser(description="The icons, from one drawing")
    words.add_argument("--icon", type=Path, default=HERE / "icon.svg", help="a square drawing on a ground of its own")
    words.add_argument("--mark", type=Path, default=HERE / "mark.svg", help="its shape alone, white on nothing")
    words.add_argument("--ground", default=GROUND, help="the colour around it, where a system cuts out its own shape")
    words.add_argument("--share", type=float, default=SHARE, help="of the width that the drawing takes there; 0.56 always fits")
    words.add_argument("--into", type=Path, default=HERE, help="the folder for the pictures")
    asked = words.parse_args()
    icon, mark = asked.icon.read_text("utf-8"), asked.mark.read_text("utf-8")
    asked.into.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, body in made(browser.new_page(), icon, mark, asked.ground, asked.share).items():
            (asked.into / name).write_bytes(body)
        if asked.into != HERE:
            (asked.into / "icon.svg").write_text(icon, "utf-8")
        browser.close()


if __name__ == "__main__":
    main()
