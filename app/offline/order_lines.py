"""An order as a phone keeps it: its page, its card in the list, and what the list is sorted and searched by."""

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from app.accounts.viewer import Viewer
from app.errors import Missing
from app.i18n import Voice
from app.offline import blocks, likeness
from app.offline.choosing import Keeping
from app.offline.list_filters import ListFilters
from app.orders import lists
from app.orders.cards import OrderCard, card

MOST_BYTES = 300_000  # of one order's page: some six hundred lines
MOST_LIKE = 60_000  # signs of a page by which another one is told
PICTURE = re.compile(r'(?: src="(?=/pictures/)| href="(?=/maps/))([^"#]+)')
Line = Mapping[str, object]


class Undrawn(Exception):
    """A page is there, and broken."""


class Within(Protocol):
    """See `door.py`."""

    async def page(self, address: str) -> bytes: ...
    def frame(self) -> bytes: ...
    def list(self, filters: ListFilters) -> bytes: ...
    def card(self, shown: OrderCard) -> str: ...
    def left_out(self, address: str, shown: OrderCard | None = None, *, too_long: bool = False) -> bytes: ...


class Drawn(Struct, frozen=True):
    """`html` is the page, or says why there is `none`; `card` the article in the list, as `shown` has it."""

    html: str
    card: str
    shown: OrderCard
    none: bool = False


class Like(Struct, frozen=True):
    """An order that the phone has; its page and card in one."""

    url: str
    text: str


async def line(
    viewer: Viewer, voice: Voice, within: Within, one: Keeping, numbers: Sequence[str], like: Like | None
) -> Line | None:
    """None for one that is theirs no more since it was chosen: the next answer says so."""
    made = await _drawn(viewer, voice, within, one)
    if made is None:
        return None
    said = {
        "url": one.url, "etag": blocks.hashed(made.html.encode()), "facts": _facts(one, made.shown, voice, numbers),
        "pictures": list(dict.fromkeys(PICTURE.findall(made.card + made.html))),
    }  # fmt: skip
    if like is None or len(made.html) > MOST_LIKE:
        return said | {"html": made.html, "card": made.card}
    parts, drawn = (likeness.told(text, like.text) for text in (made.html, made.card))
    return said | {"like": like.url, "parts": parts, "card": drawn}


async def like(viewer: Viewer, voice: Voice, within: Within, one: Keeping, had: Sequence[Keeping]) -> Like | None:
    """The newest that has most in common with it, of those that the phone had."""
    alike = sorted(had, key=lambda it: (it.merchant != one.merchant, it.state != one.state))  # else in their order
    made = await _drawn(viewer, voice, within, alike[0]) if alike else None
    sound = made is not None and not made.none and len(made.html) <= MOST_LIKE
    return Like(alike[0].url, made.html + made.card) if made and sound else None


async def _drawn(viewer: Viewer, voice: Voice, within: Within, one: Keeping) -> Drawn | None:
    row = await lists.one(viewer.id, one.address)
    if row is None:
        return None
    shown = card(row, voice)
    try:
        html = await within.page(one.url)
    except Missing:
        return None
    except Undrawn:
        return Drawn(within.left_out(one.url, shown).decode(), within.card(shown), shown, none=True)
    if len(html) > MOST_BYTES:
        html = within.left_out(one.url, shown, too_long=True)
    return Drawn(html.decode(), within.card(shown), shown)


def _facts(one: Keeping, shown: OrderCard, voice: Voice, numbers: Sequence[str]) -> Line:
    """The same as `orders.filters` asks of the tables."""
    return {
        "id": one.id, "placed": voice.local(one.placed_at).isoformat(), "month": shown.month, "state": one.state,
        "merchant": one.merchant, "archived": bool(one.archived), "words": one.words, "numbers": numbers,
    }  # fmt: skip
