"""Pages of what has a revision of its own, each told where it has changed: returns, conversations."""

from collections.abc import Sequence

from msgspec import Struct

from app.errors import Missing
from app.offline import blocks
from app.offline.cursors import Cursor
from app.offline.order_lines import Line, Undrawn, Within

ID = 4  # bytes of it, before the mark of its page


class Revised(Struct, frozen=True, array_like=True):
    """`revision`: of all that its page says. `url` is its page's, as far as the list is known by it."""

    id: int
    url: str
    revision: int


class Told(Struct, frozen=True):
    """`marks` of all pages, each behind the id of what it shows; `said` what the phone has not."""

    marks: bytes
    said: dict[str, Line]


async def told(listed: Sequence[Revised], within: Within, marked: bytes, known: Cursor | None, day: int) -> Told:
    """`marked` of the cursor that is `known`. A page is made where its thing or the day has changed, and said where it then is
    another one."""
    had = _had(marked)
    marks, said = dict[int, bytes](), dict[str, Line]()
    for one in listed:
        mark = had.get(one.id)
        if mark and known and one.revision <= known.revision and day == known.day:
            marks[one.id] = mark
            continue
        html = await _page(within, one.url)
        marks[one.id] = blocks.mark(html)[: blocks.WHOLE]
        if marks[one.id] != mark:
            said[one.url] = {"url": one.url, "etag": blocks.hashed(html), "html": html.decode()}
    return Told(b"".join(number.to_bytes(ID) + mark for number, mark in marks.items()), said)


def _had(marks: bytes) -> dict[int, bytes]:
    """The mark of each page in a cursor by the id of its thing: which of them stand in the list, and where, changes."""
    pieces = [marks[place : place + ID + blocks.WHOLE] for place in range(0, len(marks), ID + blocks.WHOLE)]
    return {int.from_bytes(piece[:ID]): piece[ID:] for piece in pieces}


async def _page(within: Within, url: str) -> bytes:
    """One that has gone to somebody else meanwhile is no longer in the list by the next answer."""
    try:
        return await within.page(url)
    except (Undrawn, Missing):
        return within.left_out(url)
