"""Refunds that somebody at a merchant's desk has something to do with: to decide, to pay by hand, to try again.

What a provider is asked for is listed, too, once it has answered with a fault.
"""

from collections.abc import Sequence
from datetime import timedelta

from msgspec import Struct

from app import clock, db
from app.i18n import Voice
from app.payments import own
from app.payments.refund_cards import COLUMNS, WITH, RefundCard, card

MOST = 100
A_WHILE = timedelta(hours=1)
# CROSS JOIN: SQLite keeps to that order of the tables. Those that wait are few, a merchant's orders are not.
THEY_WAIT = """
r.origin = 'counter' AND r.state <> 'succeeded' AND o.id = r."order" AND o.merchant = {} MORE AND (
  r.state = 'requested'
  OR (r.state = 'pending' AND (r.provider = 'manual' OR r.last_error <> ''))
  OR (r.state = 'failed' AND r.approved_at IS NOT NULL AND r.last_error <> 'GIVEN_THERE'
    AND NOT EXISTS (SELECT 1 FROM refunds a WHERE a.again_of = r.id))
)
""".replace("GIVEN_THERE", own.GIVEN_THERE)
WAITING = f"""
SELECT COLUMNS,
  o.id AS order_id, o.number, o.address, o.currency, o.customer_name, o.customer_email
FROM refunds r CROSS JOIN orders o
  WITH
WHERE {THEY_WAIT}
ORDER BY CASE WHEN r.due_at IS NULL THEN 1 ELSE 0 END, r.due_at, r.id LIMIT {{}}
""".replace("COLUMNS", COLUMNS).replace("WITH", WITH)  # noqa: S608 - our own words
COUNT = f"""
SELECT count(*) AS n FROM (SELECT r.id FROM refunds r CROSS JOIN orders o WHERE {THEY_WAIT} LIMIT {{}}) AS they
""".replace("MORE", "")  # noqa: S608 - our own words
SUMS = f"""
SELECT o.currency, SUM(r.amount) AS amount FROM refunds r CROSS JOIN orders o WHERE {THEY_WAIT} GROUP BY o.currency ORDER BY 1
""".replace("MORE", "")  # noqa: S608 - our own words
OF_RETURN = WAITING.replace("MORE", "AND r.of_return = {}")
WAITING = WAITING.replace("MORE", "")
STUCK = """
SELECT r.id, r.last_error, m.slug FROM refunds r JOIN orders o ON o.id = r."order" JOIN merchants m ON m.id = o.merchant
WHERE r.state = 'pending' AND r.next_try_at IS NOT NULL AND r.last_error <> '' AND r.approved_at < {} ORDER BY r.id LIMIT {}
"""


class Waiting(Struct, frozen=True):
    """`order` is its id; `can_retry`: it has failed, `refunding.again` tries it once more."""

    card: RefundCard
    order: int
    number: str
    address: str
    customer: str
    can_retry: bool


async def of_merchant(merchant: int, voice: Voice, most: int = MOST) -> list[Waiting]:
    """The oldest deadline first, those without one last."""
    return _told(await db.rows(WAITING, merchant, most), voice)


async def count(merchant: int) -> int:
    """How many there are, as far as one page shows them."""
    return int((await db.rows(COUNT, merchant, MOST))[0]["n"])


async def sums(merchant: int, voice: Voice) -> list[str]:
    """What waits, in each currency."""
    return [voice.money(int(row["amount"]), row["currency"]) for row in await db.rows(SUMS, merchant)]


async def of_return(merchant: int, number: int, voice: Voice) -> list[Waiting]:
    """Of one return (its id) alone."""
    return _told(await db.rows(OF_RETURN, merchant, number, MOST), voice)


def _told(rows: Sequence[db.Row], voice: Voice) -> list[Waiting]:
    return [
        Waiting(
            card(row, row["currency"], voice), row["order_id"], row["number"], row["address"],
            row["customer_name"] or row["customer_email"], row["state"] == "failed",
        )
        for row in rows
    ]  # fmt: skip


async def stuck(most: int = MOST) -> list[db.Row]:
    """For the shell: `id, last_error, slug` of what a provider could not be asked for since an hour or more."""
    return list(await db.scan(STUCK, clock.now() - A_WHILE, most))
