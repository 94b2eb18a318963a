"""The pictures by which a counter is known on home screens and in notifications; an operator may have others."""

from pathlib import Path

from app.setting_values import wrong

# Each PNG's width and height in pixels. `push.png` is also the icon of 192.
PIXELS = {
    "push.png": 192, "icon-512.png": 512, "maskable-192.png": 192, "maskable-512.png": 512, "badge.png": 96,
    "apple-touch-icon.png": 180,
}  # fmt: skip
NAMES = (*PIXELS, "icon.svg", "favicon.ico")


def icons(text: str) -> str:
    """A folder with all of them, as static/icons/make_icons.py makes one."""
    for name in NAMES if text else ():
        try:
            head = (Path(text) / name).read_bytes()[:24]
        except OSError as error:
            raise wrong("ICONS", f"“{text}/{name}” cannot be read: {error.strerror}") from error
        if name in PIXELS and _size(head) != (PIXELS[name], PIXELS[name]):
            raise wrong("ICONS", f"“{text}/{name}” is not a PNG picture of {PIXELS[name]} × {PIXELS[name]} pixels")
    return text


def files(folder: str) -> list[Path]:
    """With the shortcuts' pictures that are there: a later release may have more of those."""
    return [Path(folder) / name for name in NAMES] + sorted(Path(folder).glob("shortcut-*.png")) if folder else []


def _size(head: bytes) -> tuple[int, int] | None:
    """A PNG's width and height are in its first chunk (RFC 2083, 4.1.1)."""
    return (int.from_bytes(head[16:20]), int.from_bytes(head[20:24])) if head.startswith(b"\x89PNG\r\n\x1a\n") else None
