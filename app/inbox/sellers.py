"""Who a seller is, as measured here: how soon they answer, and how many of their decisions were reversed.

Measured once a day by the worker, of the last 90 days; pages read what is kept.
"""

from datetime import timedelta
from statistics import median

from msgspec import Struct

from app import clock, db
from app.errors import Missing

SELLER = "SELECT id, slug, name, website, legal, created_at FROM merchants WHERE slug = {}"
LATELY, ANEW = timedelta(days=90), timedelta(days=1)
MOST = 500  # threads that are measured, the newest
AT_ONCE = 20  # merchants in one turn
FEWEST_REPLIES, FEWEST_DECISIONS = 5, 10  # fewer say nothing of a seller
REPLIES = """
SELECT created_at, first_reply_at FROM threads
WHERE merchant = {} AND last_at > {} AND created_at > {} AND first_reply_at IS NOT NULL ORDER BY last_at DESC LIMIT {}
"""
# An objection after which it was decided anew, and otherwise.
DECISIONS = """
SELECT count(*) AS n,
  COALESCE(SUM(CASE WHEN objected_at <= decided_at AND state NOT IN ('declined', 'denied') THEN 1 ELSE 0 END), 0) AS reversed
FROM returns WHERE merchant = {} AND decided_at > {} AND kind IN ('return', 'claim', 'cancellation')
"""
# The plus leads SQLite to the customer's threads, not to all of the seller's.
THEIRS = """
SELECT (SELECT count(*) FROM orders WHERE customer = {} AND merchant = {}) AS orders,
  (SELECT count(*) FROM threads WHERE customer = {} AND +merchant = {}) AS threads
"""
DUE = """
SELECT m.id FROM merchants m LEFT JOIN seller_figures f ON f.merchant = m.id
WHERE f.measured_at IS NULL OR f.measured_at < {} ORDER BY f.measured_at, m.id LIMIT {}
"""
KEEP = """
INSERT INTO seller_figures (merchant, replies, reply_seconds, decided, reversed, measured_at) VALUES ({}, {}, {}, {}, {}, {})
ON CONFLICT (merchant) DO UPDATE SET replies = excluded.replies, reply_seconds = excluded.reply_seconds,
  decided = excluded.decided, reversed = excluded.reversed, measured_at = excluded.measured_at
"""
KEPT = "SELECT replies, reply_seconds, decided, reversed AS undone FROM seller_figures WHERE merchant = {}"


class Measured(Struct, frozen=True):
    """Columns of `SellerFigures`; `undone`: so many of those that were `decided`."""

    replies: int = 0
    reply_seconds: int | None = None
    decided: int = 0
    undone: int = 0

    @property
    def reply(self) -> int | None:
        """The median until a first answer, in seconds; None where too little is known."""
        return self.reply_seconds if self.replies >= FEWEST_REPLIES else None

    @property
    def reversed(self) -> int | None:
        """Of 100 decisions; None where too little is known."""
        return round(100 * self.undone / self.decided) if self.decided >= FEWEST_DECISIONS else None


async def named(slug: str) -> db.Row:
    """Raises Missing."""
    row = await db.one(SELLER, slug) if "\0" not in slug and len(slug) <= 64 else None
    if row is None:
        raise Missing
    return row


async def measured(merchant: int) -> Measured:
    """As it was kept."""
    row = await db.one(KEPT, merchant)
    return Measured(**row) if row else Measured()


async def measure() -> None:
    """A chore: those that were not measured for a day."""
    for row in await db.rows(DUE, clock.now() - ANEW, AT_ONCE):
        it = await _measured_now(row["id"])
        await db.execute(KEEP, row["id"], it.replies, it.reply_seconds, it.decided, it.undone, clock.now())


async def _measured_now(merchant: int) -> Measured:
    since = clock.now() - LATELY
    replies = await db.scan(REPLIES, merchant, since, since, MOST)
    taken = [(row["first_reply_at"] - row["created_at"]).total_seconds() for row in replies]
    (decided,) = await db.scan(DECISIONS, merchant, since)
    return Measured(len(taken), round(median(taken)) if taken else None, decided["n"], int(decided["reversed"]))


async def of_customer(customer: int, merchant: int) -> tuple[int, int]:
    """How many orders and conversations they have with each other."""
    (row,) = await db.rows(THEIRS, customer, merchant, customer, merchant)
    return row["orders"], row["threads"]
