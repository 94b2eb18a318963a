"""The pack, line by line: what a phone keeps, or what of it has changed since it asked last."""

from collections.abc import AsyncIterator, Mapping, Sequence

import msgspec
from msgspec import Struct

from app.accounts.viewer import Viewer
from app.i18n import Voice
from app.offline import blocks, choosing, cursors, list_filters, order_lines, returned, revised, talks
from app.offline.choosing import Keeping
from app.offline.cursors import Cursor
from app.offline.order_lines import Line, Undrawn, Within
from app.offline.words import words

LIST = "/orders"
PAGES = ("/arrivals", "/notifications", "/account", "/account/notifications", returned.LIST, talks.LIST)
IN_BLOCKS = ("/arrivals", "/notifications", "/account/notifications", returned.LIST, talks.LIST)
MOST_BLOCKS = 300  # of one page: the cursor, which has marks of all of them, must fit into an address twice


class Asked(Struct, frozen=True):
    """`cursor` is what the phone has; `resume` the one that it was told when it was cut off behind the address `after`; `most`
    how many orders there is room for on it."""

    cursor: str = ""
    resume: str = ""
    after: str = ""
    most: int = choosing.MOST


class Plan(Struct, frozen=True):
    """What is to be said. `shown` are lines about the frame ("") and the pages that are no orders; `digest` is of all that are
    kept in the end, of which `orders` are said now, and the phone has those that it `had`."""

    whole: bool
    made: str
    shown: Mapping[str, Line]
    digest: str
    orders: Sequence[Keeping]
    had: Sequence[Keeping]
    most: int


async def plan(viewer: Viewer, voice: Voice, within: Within, asked: Asked, made_by: str) -> Plan:
    ground, day = cursors.ground(viewer, voice, made_by), voice.today().toordinal()
    known = cursors.read(asked.cursor, ground, len(PAGES) + 2, viewer.revision)
    found, most = await choosing.newest(viewer.id), min(asked.most, choosing.MOST)
    wanted = found[:most]
    shown = {"": within.frame(), LIST: within.list(await list_filters.offered(viewer, most, more=len(found) > most))}
    shown |= {address: await _shown(within, address) for address in PAGES}
    marks = [_mark(address, html) for address, html in shown.items()]
    had = known.shown if known else [b""] * len(marks)
    said = {
        address: _page(address, html, before)
        for (address, html), mark, before in zip(shown.items(), marks, had, strict=True) if mark != before
    }  # fmt: skip
    had_of = (known.returns, known.talks) if known else (b"", b"")
    returns = await revised.told(await returned.listed(viewer.id), within, had_of[0], known, day)
    talked = await revised.told(await talks.listed(viewer.id), within, had_of[1], known, day)
    made = cursors.written(Cursor(ground, viewer.revision, day, marks, returns.marks, talked.marks))
    orders = choosing.fresh(wanted, known, day)
    had_already = [one for one in wanted if one not in orders]
    return Plan(known is None, made, said | returns.said | talked.said, choosing.digest(wanted), orders, had_already, most)


async def _shown(within: Within, address: str) -> bytes:
    try:
        return await within.page(address)
    except Undrawn:
        return within.left_out(address)


def _mark(address: str, html: bytes) -> bytes:
    made = blocks.mark(html)
    return made if address in IN_BLOCKS and len(made) <= blocks.WHOLE + MOST_BLOCKS * blocks.SHORT else blocks.whole(made)


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
    like = await order_lines.like(viewer, voice, within, orders[0], planned.had) if orders else None
    for one in orders:
        if (said := await order_lines.line(viewer, voice, within, one, numbers.get(one.id, []), like)) is not None:
            yield said
        like = None
    yield {"end": True}


def head(viewer: Viewer, voice: Voice, planned: Plan) -> Line:
    """`words`, and what else stays as it is as long as the cursor's ground does, comes with the whole alone."""
    said = {"viewer": viewer.public_id, "cursor": planned.made, "unread": viewer.unread, "most": planned.most}
    said |= {"whole": planned.whole, "digest": planned.digest}
    if not planned.whole:
        return said | {"orders": len(planned.orders)}
    return said | {"locale": voice.locale, "zone": voice.zone or "UTC", "words": words(voice)}


def _had(planned: Plan, asked: Asked) -> set[str]:
    """Addresses of what was kept before the answer was cut off, in the order of the lines; nothing when it would be another
    answer now."""
    every = [*planned.shown, *(one.url for one in planned.orders)]
    if asked.resume != planned.made or asked.after not in every:
        return set()
    return set(every[: every.index(asked.after) + 1])


def encoded(line: Line) -> bytes:
    return msgspec.json.encode(line) + b"\n"
