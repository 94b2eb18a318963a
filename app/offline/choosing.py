"""Which orders a phone keeps: the newest hundred, those that were put away among them; and what it has to hear of them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from app import clock, db, reading
from app.offline.blocks import hashed
from app.offline.cursors import Cursor
from app.orders.filters import NEWS_WITHIN
from app.orders.lists import FROM, NEWEST_FIRST
from app.shipments.next_steps import MISSED_FOR
from app.shipments.numbers import plain

MOST = 100
A_WHILE = timedelta(days=3)  # after which “yesterday” and times without a day are past, in every zone


class Keeping(Struct, frozen=True, array_like=True):
    """One of them. `words` are what searching looks in; `moves`: its page says something else tomorrow."""

    id: int
    revision: int
    address: str
    state: str
    merchant: str
    archived: bool | int  # SQLite's truth is a number
    placed_at: datetime
    words: str
    moves: bool | int

    @property
    def url(self) -> str:
        return f"/orders/{self.address}"


# Pages that say something else tomorrow, though nothing happens: what is under way and not given up, what was delivered so
# lately that “it never came” can still be said, what was seen today at an hour.
MOVES = """(o.stage IN ('preparing', 'on_the_way', 'needs_you') AND (o.placed_at >= {} OR o.arrives_to >= {})
OR o.delivered_at >= {} OR EXISTS (SELECT 1 FROM shipments s WHERE s."order" = o.id AND s.scanned_at >= {}))"""
NUMBERS = """SELECT s."order", s.tracking_number FROM shipments s JOIN orders o ON o.id = s."order"
WHERE o.customer = {} AND s.state <> 'cancelled' AND s.tracking_number <> '' AND s."order" IN (MARKS) ORDER BY s.id"""
FIELDS = "o.id, o.revision, o.address, o.stage, m.slug, o.archived, o.placed_at, o.search_text, "
WANTED = f"{FROM} {NEWEST_FIRST}"


async def newest(customer: int) -> list[Keeping]:
    """One more than are kept, where there are more."""
    at = clock.now()
    limits = (at - NEWS_WITHIN - A_WHILE, at - A_WHILE, at - MISSED_FOR - A_WHILE, at - A_WHILE)
    moves = f"CASE WHEN {MOVES} THEN 1 ELSE 0 END"
    found = await reading.texts(FIELDS + moves, WANTED, *limits, customer, MOST + 1)
    return [reading.decoder(Keeping)(text) for text in found]


async def numbers(customer: int, orders: Collection[int]) -> dict[int, list[str]]:
    """Tracking numbers as searching compares them, by order."""
    found: dict[int, list[str]] = {}
    if orders:
        for row in await db.rows(NUMBERS.replace("MARKS", db.marks(len(orders))), customer, *orders):
            found.setdefault(row["order"], []).append(plain(row["tracking_number"]))
    return found


def fresh(wanted: Sequence[Keeping], known: Cursor | None, day: int) -> Sequence[Keeping]:
    """Those that a phone with that cursor has not, or not as they are now."""
    if known is None:
        return wanted
    return [one for one in wanted if one.revision > known.revision or (one.moves and day != known.day)]


def digest(wanted: Sequence[Keeping]) -> str:
    """Of their addresses: a phone that then has others (one went to somebody else) asks for everything."""
    return hashed("\n".join(sorted(one.url for one in wanted)).encode())
