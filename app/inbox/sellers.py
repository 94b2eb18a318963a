"""Who a seller is, as measured here: how soon they answer, and how many of their decisions were reversed."""

from datetime import timedelta
from statistics import median

from msgspec import Struct

from app import clock, db
from app.errors import Missing

SELLER = "SELECT id, slug, name, website, email, country, vat_id, address, legal, created_at FROM merchants WHERE slug = {}"
LATELY = timedelta(days=90)
A_YEAR = timedelta(days=365)
MOST = 500  # threads that are measured, the newest
FEWEST_REPLIES, FEWEST_DECISIONS = 5, 10  # fewer say nothing of a seller
REPLIES = """
SELECT created_at, first_reply_at FROM threads
WHERE merchant = {} AND last_at > {} AND first_reply_at IS NOT NULL ORDER BY last_at DESC LIMIT {}
"""
# An objection after which it was decided anew, and otherwise.
DECISIONS = """
SELECT count(*) AS n,
  COALESCE(SUM(CASE WHEN objected_at <= decided_at AND state NOT IN ('declined', 'denied') THEN 1 ELSE 0 END), 0) AS reversed
FROM returns WHERE merchant = {} AND decided_at > {} AND kind IN ('return', 'claim', 'cancellation')
"""
THEIRS = """
SELECT (SELECT count(*) FROM orders WHERE customer = {} AND merchant = {}) AS orders,
  (SELECT count(*) FROM threads WHERE customer = {} AND merchant = {}) AS threads
"""


class Measured(Struct, frozen=True):
    """`reply` is the median until a first answer, in seconds; both are None where too little is known. `reversed`: of 100
    decisions."""

    reply: float | None
    reversed: int | None


async def named(slug: str) -> db.Row:
    """Raises Missing."""
    row = await db.one(SELLER, slug) if "\0" not in slug and len(slug) <= 64 else None
    if row is None:
        raise Missing
    return row


async def measured(merchant: int) -> Measured:
    replies = await db.rows(REPLIES, merchant, clock.now() - LATELY, MOST)
    taken = [(row["first_reply_at"] - row["created_at"]).total_seconds() for row in replies]
    (decided,) = await db.rows(DECISIONS, merchant, clock.now() - A_YEAR)
    return Measured(
        median(taken) if len(taken) >= FEWEST_REPLIES else None,
        round(100 * decided["reversed"] / decided["n"]) if decided["n"] >= FEWEST_DECISIONS else None,
    )


async def of_customer(customer: int, merchant: int) -> tuple[int, int]:
    """How many orders and conversations they have with each other."""
    (row,) = await db.rows(THEIRS, customer, merchant, customer, merchant)
    return row["orders"], row["threads"]
