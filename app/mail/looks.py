"""Whose mail it looks like: the counter's own, or, for news of an order, its merchant's.

Only who composes news of an order gives a look: whatever is written as a letter (codes, sign-ins, alarms) has none to give.
"""

from pathlib import Path

from msgspec import Struct

from app import pictures
from app.errors import Missing
from app.settings import settings

KINDS = {".png": "png", ".jpg": "jpeg"}  # what every mail program draws
LARGEST = 40_000  # bytes, in each mail
HIGHEST, WIDEST = 32, 200  # pixels
PNG = b"\x89PNG\r\n\x1a\n"


class Look(Struct, frozen=True):
    """`accent` is “#0b5fa5”; `logo` the picture itself, empty where the name stands in its place; `kind` is its subtype.
    `whole`: nothing in the mail has to say whose it is beside its head."""

    name: str
    accent: str
    logo: bytes = b""
    kind: str = "png"
    whole: bool = False

    @property
    def height(self) -> int:
        """At which it is shown: all of it, neither higher nor wider than there is room for."""
        if not self.logo.startswith(PNG):
            return HIGHEST
        width, height = (int.from_bytes(self.logo[at : at + 4]) for at in (16, 20))
        return max(1, min(HIGHEST, round(WIDEST * height / max(width, 1))))


def own() -> Look:
    """The counter's."""
    path = Path(settings.logo)
    usable = path.suffix in KINDS and path.is_file() and path.stat().st_size <= LARGEST
    return Look(settings.name, settings.accent, path.read_bytes() if usable else b"", KINDS.get(path.suffix, ""))


def of_shop(name: str, accent: str, logo: str) -> Look | None:
    """`accent` and `logo` as the merchant's row has them; None for who has chosen neither."""
    if not accent and not logo:
        return None
    return Look(name, accent or settings.accent, _kept(logo) if logo else b"", whole=True)


def _kept(name: str) -> bytes:
    """Nothing when it is not there any more: a mail is not to wait for a picture."""
    try:
        return pictures.read(name)[0]
    except Missing:
        return b""
