"""What a phone has of the pack, as the text that it brings back: opaque to it, and worth no more than what it asks for.

It comes with every answer, so it is short. Whoever brings another one than was given gets the whole pack of their own, never
anybody else's.
"""

import binascii
import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode

import msgspec
from msgspec import Struct

from app.accounts.viewer import Viewer
from app.i18n import Voice
from app.offline import blocks

FORMAT = 4
LONGEST = 4_000  # signs; with full lists it has some four hundred


class Cursor(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """`ground` is what every page stands on: whose they are, in which words and zone, made by what. `day` is a number
    (`date.toordinal`). `shown` are marks of the frame and of the pages that are no orders, in their order; `returns` and
    `talks` are of the pages of returns and conversations (see `revised.py`)."""

    ground: bytes
    revision: int
    day: int
    shown: list[bytes]
    returns: bytes = b""
    talks: bytes = b""


def ground(viewer: Viewer, voice: Voice, made_by: str) -> bytes:
    """Also of the year: dates of another one are written with it."""
    said = (FORMAT, viewer.id, voice.locale, voice.zone, voice.today().year, made_by)
    return hashlib.blake2b(repr(said).encode(), digest_size=8).digest()


def written(made: Cursor) -> str:
    return urlsafe_b64encode(msgspec.msgpack.encode(made)).decode().rstrip("=")


def read(text: str, on: bytes, pages: int, newest: int) -> Cursor | None:
    """None for what is no cursor, stands on another ground, or knows of more than the `newest` revision: the counter was
    restored from a backup since."""
    if not text or len(text) > LONGEST or not text.isascii():
        return None
    try:
        found = msgspec.msgpack.decode(urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=Cursor)
    except (msgspec.MsgspecError, UnicodeError, binascii.Error, ValueError):
        return None
    sound = (
        found.ground == on and found.revision <= newest and len(found.shown) == pages and all(map(blocks.is_mark, found.shown))
    )
    return found if sound else None
