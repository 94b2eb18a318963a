"""Which returns a phone keeps: those on the first page of their list, each as its page is; told only where it has changed."""

from collections.abc import Sequence

from msgspec import Struct

from app import reading
from app.errors import Missing
from app.offline import blocks
from app.offline.cursors import Cursor
from app.offline.order_lines import Line, Undrawn, Within
from app.returns.lists import PAGE

LIST = "/returns"
# Its own revision, and its orders': a refund moves without it, and so does what ships in exchange.
REVISION = """(SELECT MAX(v) FROM (SELECT r.revision AS v UNION ALL SELECT o.revision FROM orders o
WHERE o.id IN (SELECT l."order" FROM return_lines l WHERE l.of_return = r.id) OR o.id = r.exchange) seen)"""
NEWEST = "FROM returns r WHERE r.customer = {} AND r.state <> 'unconfirmed' ORDER BY r.id DESC LIMIT {}"


class KeptReturn(Struct, frozen=True, array_like=True):
    id: int
    code: str
    revision: int

    @property
    def url(self) -> str:
        return f"{LIST}/{self.code}"


class Returned(Struct, frozen=True):
    """`last` is the newest one's id; `marks` of all pages, the newest first; `said` what the phone has not."""

    last: int
    marks: bytes
    said: dict[str, Line]


async def newest(customer: int) -> list[KeptReturn]:
    found = await reading.texts(f"r.id, r.code, {REVISION}", NEWEST, customer, PAGE)
    return [reading.decoder(KeptReturn)(text) for text in found]


async def told(customer: int, within: Within, known: Cursor | None, day: int) -> Returned:
    """A page is made where its return or the day has changed, and said where it then is another one."""
    found = await newest(customer)
    had = _had(found, known)
    marks, said = [], dict[str, Line]()
    for one, mark in zip(found, had, strict=True):
        if mark and known and one.revision <= known.revision and day == known.day:
            marks.append(mark)
            continue
        html = await _page(within, one.url)
        marks.append(blocks.mark(html)[: blocks.WHOLE])
        if marks[-1] != mark:
            said[one.url] = {"url": one.url, "etag": blocks.hashed(html), "html": html.decode()}
    return Returned(found[0].id if found else 0, b"".join(marks), said)


def _had(found: Sequence[KeptReturn], known: Cursor | None) -> list[bytes]:
    """The mark of each in the cursor, whose first is of the return that was the newest then; empty of those since."""
    marks = known.returns if known else b""
    since = sum(one.id > known.last for one in found) if known else 0
    places = [(n - since) * blocks.WHOLE for n in range(len(found))]
    return [marks[place : place + blocks.WHOLE] if place >= 0 else b"" for place in places]


async def _page(within: Within, url: str) -> bytes:
    """One that has gone to somebody else meanwhile is no longer in the list by the next answer."""
    try:
        return await within.page(url)
    except (Undrawn, Missing):
        return within.left_out(url)
