"""Which returns a phone keeps: those on the first page of their list, each as its page is; told only where it has changed."""

from msgspec import Struct

from app import reading
from app.errors import Missing
from app.offline import blocks
from app.offline.cursors import Cursor
from app.offline.order_lines import Line, Undrawn, Within
from app.returns.lists import FIRST, PAGE

LIST = "/returns"
# Its own revision, and its orders': a refund moves without it, and so does what ships in exchange.
REVISION = """(SELECT MAX(v) FROM (SELECT r.revision AS v UNION ALL SELECT o.revision FROM orders o
WHERE o.id IN (SELECT l."order" FROM return_lines l WHERE l.of_return = r.id) OR o.id = r.exchange) seen)"""
LISTED = f"FROM returns r WHERE r.customer = {{}} AND r.state <> 'unconfirmed' ORDER BY {FIRST} LIMIT {{}}"
ID = 4  # bytes of it, before the mark of its page


class KeptReturn(Struct, frozen=True, array_like=True):
    id: int
    code: str
    revision: int

    @property
    def url(self) -> str:
        return f"{LIST}/{self.code}"


class Returned(Struct, frozen=True):
    """`marks` of all pages, each behind the id of its return; `said` what the phone has not."""

    marks: bytes
    said: dict[str, Line]


async def listed(customer: int) -> list[KeptReturn]:
    found = await reading.texts(f"r.id, r.code, {REVISION}", LISTED, customer, PAGE)
    return [reading.decoder(KeptReturn)(text) for text in found]


async def told(customer: int, within: Within, known: Cursor | None, day: int) -> Returned:
    """A page is made where its return or the day has changed, and said where it then is another one."""
    had = _had(known.returns) if known else {}
    marks, said = dict[int, bytes](), dict[str, Line]()
    for one in await listed(customer):
        mark = had.get(one.id)
        if mark and known and one.revision <= known.revision and day == known.day:
            marks[one.id] = mark
            continue
        html = await _page(within, one.url)
        marks[one.id] = blocks.mark(html)[: blocks.WHOLE]
        if marks[one.id] != mark:
            said[one.url] = {"url": one.url, "etag": blocks.hashed(html), "html": html.decode()}
    return Returned(b"".join(number.to_bytes(ID) + mark for number, mark in marks.items()), said)


def _had(marks: bytes) -> dict[int, bytes]:
    """The mark of each page in a cursor by the id of its return: which of them stand in the list, and where, changes."""
    pieces = [marks[place : place + ID + blocks.WHOLE] for place in range(0, len(marks), ID + blocks.WHOLE)]
    return {int.from_bytes(piece[:ID]): piece[ID:] for piece in pieces}


async def _page(within: Within, url: str) -> bytes:
    """One that has gone to somebody else meanwhile is no longer in the list by the next answer."""
    try:
        return await within.page(url)
    except (Undrawn, Missing):
        return within.left_out(url)
