"""Refunds that somebody at a merchant's desk has something to do with: to decide, to pay by hand, to try again.

What a provider is asked for is listed, too, once it has answered with a fault.
"""

from datetime import timedelta

from msgspec import Struct

from app import clock, db
from app.i18n import Voice
from app.payments.refund_cards import RefundCard, card

MOST = 100
A_WHILE = timedelta(hours=1)
# CROSS JOIN: SQLite keeps to that order of the tables. Those that wait are few, a merchant's orders are not.
WAITING = """
SELECT r.id, r.amount, r.kind, r.state, r.reason, r.at, r.origin, r.bonus, r.provider, r.reference, r.of_return, r.requested_at,
  r.approved_at, r.sent_at, r.settled_at, r.arrived_at, r.expected_by, r.due_at, r.last_error, r.note, r.balance,
  COALESCE(p.brand, '') AS brand, COALESCE(p.last_four, b.last_four, '') AS last_four,
  o.id AS order_id, o.number, o.address, o.currency, o.customer_name, o.customer_email
FROM refunds r CROSS JOIN orders o
  LEFT JOIN payments p ON p.id = r.payment LEFT JOIN balances b ON b.id = r.balance
WHERE r.origin = 'counter' AND r.state <> 'succeeded' AND o.id = r."order" AND o.merchant = {} AND (
  r.state = 'requested'
  OR (r.state = 'pending' AND (r.provider = 'manual' OR r.last_error <> ''))
  OR (r.state = 'failed' AND r.approved_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM refunds a WHERE a.again_of = r.id))
)
ORDER BY CASE WHEN r.due_at IS NULL THEN 1 ELSE 0 END, r.due_at, r.id LIMIT {}
"""
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
    return [
        Waiting(
            card(row, row["currency"], voice), row["order_id"], row["number"], row["address"],
            row["customer_name"] or row["customer_email"], row["state"] == "failed",
        )
        for row in await db.rows(WAITING, merchant, most)
    ]  # fmt: skip


async def stuck(most: int = MOST) -> list[db.Row]:
    """For the shell: `id, last_error, slug` of what a provider could not be asked for since an hour or more."""
    return list(await db.scan(STUCK, clock.now() - A_WHILE, most))
