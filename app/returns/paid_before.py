"""What a customer has had back of a merchant before: what has really gone out, not what was only agreed to."""

from datetime import datetime

from app import db
from app.i18n import Voice, _
from app.returns.kept import Kept

PAID = """
SELECT COALESCE(SUM(CASE WHEN f.balance IS NULL THEN f.amount ELSE 0 END), 0) AS paid,
  COALESCE(SUM(CASE WHEN f.balance IS NULL THEN 0 ELSE f.amount + f.bonus END), 0) AS credit
FROM returns r JOIN refunds f ON f.of_return = r.id AND f.state IN ('succeeded', 'pending')
  AND COALESCE(f.sent_at, f.settled_at, CASE WHEN f.origin = 'source' THEN f.at END) IS NOT NULL
WHERE r.customer = {} AND r.merchant = {} AND r.currency = {} AND r.created_at > {} AND r.id <> {}
"""


async def told(it: Kept, since: datetime, voice: Voice) -> list[str]:
    """For its other returns since then, in its own currency."""
    row = it.it
    (found,) = await db.rows(PAID, row.customer, row.merchant, row.currency, since, row.id)
    texts = ((_("Paid back for them: %(amount)s"), found["paid"]), (_("Given as credit for them: %(amount)s"), found["credit"]))
    return [text % {"amount": voice.money(int(amount), row.currency)} for text, amount in texts if amount]
