"""The pack, line by line: what a phone keeps, or what of it has changed since it asked last."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Protocol

import msgspec
from msgspec import Struct

from app.accounts.viewer import Viewer
from app.errors import Missing
from app.i18n import Voice
from app.offline import blocks, choosing, cursors, list_filters
from app.offline.choosing import Keeping
from app.offline.cursors import Cursor
from app.offline.list_filters import ListFilters
from app.offline.words import words
from app.orders import lists
from app.orders.cards import OrderCard, card

LIST = "/orders"
PAGES = ("/arrivals", "/notifications", "/account", "/account/notifications")
IN_BLOCKS = ("/arrivals", "/notifications", "/account/notifications")
MOST_BYTES = 300_000  # of one order's page: some six hundred lines
PICTURE = re.compile(r'(?: src="(?=/pictures/)| href="(?=/maps/))([^"#]+)')
Line = Mapping[str, object]


class Within(Protocol):
    """See `door.py`."""

    async def page(self, address: str) -> bytes: ...
    def frame(self) -> bytes: ...
    def list(self, filters: ListFilters) -> bytes: ...
    def card(self, shown: OrderCard) -> str: ...
    def too_long(self, address: str, shown: OrderCard) -> bytes: ...


class Asked(Struct, frozen=True):
    """`cursor` is what the phone has; `resume` the one that it was told when it was cut off behind the address `after`."""

    cursor: str = ""
    resume: str = ""
    after: str = ""


class Plan(Struct, frozen=True):
    """What is to be said. `shown` are lines about the frame ("") and the pages that are no orders; `digest` is of all that are
    kept in the end, of which `orders` are said now."""

    whole: bool
    made: str
    shown: Mapping[str, Line]
    digest: str
    orders: Sequence[Keeping]


async def plan(viewer: Viewer, voice: Voice, within: Within, asked: Asked, made_by: str) -> Plan:
    ground, day = cursors.ground(viewer, voice, made_by), voice.today().toordinal()
    known = cursors.read(asked.cursor, ground, len(PAGES) + 2)
    found = await choosing.newest(viewer.id)
    wanted = found[: choosing.MOST]
    shown = {"": within.frame(), LIST: within.list(await list_filters.offered(viewer, more=len(found) > len(wanted)))}
    shown |= {address: await within.page(address) for address in PAGES}
    marks = [_mark(address, html) for address, html in shown.items()]
    had = known.shown if known else [b""] * len(marks)
    said = {
        address: _page(address, html, before)
        for (address, html), mark, before in zip(shown.items(), marks, had, strict=True) if mark != before
    }  # fmt: skip
    made = cursors.written(Cursor(ground, viewer.revision, day, marks))
    return Plan(known is None, made, said, choosing.digest(wanted), choosing.fresh(wanted, known, day))


def _mark(address: str, html: bytes) -> bytes:
    made = blocks.mark(html)
    return made if address in IN_BLOCKS else blocks.whole(made)


def _page(address: str, html: bytes, before: bytes) -> Line:
    if not address:
        return {"frame": html.decode()}
    line = {"url": address, "etag": blocks.hashed(html)}
    if before and address in IN_BLOCKS:
        return {**line, "parts": blocks.parts(html, before)}
    return {**line, "html": html.decode()}


async def lines(viewer: Viewer, voice: Voice, within: Within, asked: Asked, made_by: str) -> AsyncIterator[Line]:
    """Ends without an end line where something cannot be had: what was said so far is right all the same."""
    planned = await plan(viewer, voice, within, asked, made_by)
    yield head(viewer, voice, planned)
    left_out = _had(planned, asked)
    for address, line in planned.shown.items():
        if address not in left_out:
            yield line
    orders = [one for one in planned.orders if one.url not in left_out]
    numbers = await choosing.numbers(viewer.id, [one.id for one in orders])
    for one in orders:
        if (said := await order(viewer, voice, within, one, numbers.get(one.id, []))) is not None:
            yield said
    yield {"end": True}


def head(viewer: Viewer, voice: Voice, planned: Plan) -> Line:
    """`words`, and what else stays as it is as long as the cursor's ground does, comes with the whole alone."""
    said = {"viewer": viewer.public_id, "cursor": planned.made, "unread": viewer.unread, "most": choosing.MOST}
    said |= {"whole": planned.whole, "digest": planned.digest}
    if not planned.whole:
        return said
    return said | {"locale": voice.locale, "zone": voice.zone or "UTC", "words": words(voice)}


def _had(planned: Plan, asked: Asked) -> set[str]:
    """Addresses of what was kept before the answer was cut off, in the order of the lines; nothing when it would be another
    answer now."""
    every = [*planned.shown, *(one.url for one in planned.orders)]
    if asked.resume != planned.made or asked.after not in every:
        return set()
    return set(every[: every.index(asked.after) + 1])


async def order(viewer: Viewer, voice: Voice, within: Within, one: Keeping, numbers: Sequence[str]) -> Line | None:
    """None for one that is theirs no more since it was chosen: the next answer says so."""
    row = await lists.one(viewer.id, one.address)
    try:
        html = await within.page(one.url) if row else b""
    except Missing:
        return None
    if row is None:
        return None
    shown = card(row, voice)
    if len(html) > MOST_BYTES:
        html = within.too_long(one.url, shown)
    drawn, text = within.card(shown), html.decode()
    return {
        "url": one.url, "etag": blocks.hashed(html), "html": text, "card": drawn,
        "facts": _facts(one, shown, voice, numbers), "pictures": list(dict.fromkeys(PICTURE.findall(drawn + text))),
    }  # fmt: skip


def _facts(one: Keeping, shown: OrderCard, voice: Voice, numbers: Sequence[str]) -> Line:
    """What the list is sorted and searched by: the same as `orders.filters` asks of the tables."""
    return {
        "id": one.id, "placed": voice.local(one.placed_at).isoformat(), "month": shown.month, "state": one.state,
        "merchant": one.merchant, "archived": bool(one.archived), "words": one.words, "numbers": numbers,
    }  # fmt: skip


def encoded(line: Line) -> bytes:
    return msgspec.json.encode(line) + b"\n"
