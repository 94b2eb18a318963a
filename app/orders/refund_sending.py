"""Refunds on their way to a provider: claimed, asked for outside of any transaction, settled.

An attempt is counted before it is made. Whoever dies in it leaves a row that comes up again; the provider is then asked what it
knows of the refund's code before anything is asked for anew (`payments/stripe.py`). It is never given up while nobody knows how
it ended: the pauses grow to six hours, and `last_error` says why.
"""

import logging
from datetime import timedelta

from app import clock, db
from app.orders import refund_steps
from app.payments import provider
from app.payments.provider import Answer, Due

log = logging.getLogger(__name__)
WAITS = tuple(timedelta(seconds=n) for n in (120, 300, 900, 3_600, 10_800, 21_600))  # the first is longer than any attempt
AT_ONCE = 20
SYSTEM = "system"

DUE = """
SELECT r.id, r.code, r.amount, r.attempts, r.provider, r.reference, o.currency, m.slug AS merchant,
  COALESCE(p.reference, '') AS payment
FROM refunds r JOIN orders o ON o.id = r."order" JOIN merchants m ON m.id = o.merchant LEFT JOIN payments p ON p.id = r.payment
WHERE r.state = 'pending' AND r.next_try_at <= {} ORDER BY r.next_try_at, r.id LIMIT {}
"""
OF_CODE = """
SELECT r.id, r.provider, m.slug AS merchant
FROM refunds r JOIN orders o ON o.id = r."order" JOIN merchants m ON m.id = o.merchant
WHERE r.code = {} AND r.code <> ''
"""
CLAIM = """
UPDATE refunds SET attempts = attempts + 1, next_try_at = {} WHERE id = {} AND attempts = {} AND amount = {}
AND state = 'pending' RETURNING id
"""


async def send_due() -> int:
    """How many providers were asked for."""
    asked = 0
    for row in await db.rows(DUE, clock.now(), AT_ONCE):
        wait = WAITS[min(row["attempts"], len(WAITS) - 1)]
        if await db.execute(CLAIM, clock.now() + wait, row["id"], row["attempts"], row["amount"]):
            await _ask(row)
            asked += 1
    return asked


async def heard(code: str, merchant: str, answer: Answer) -> bool:
    """A provider tells by itself, of a refund it knows by our code; `merchant`: of that slug's alone. False: none of ours."""
    row = await db.one(OF_CODE, code)
    if row is None or merchant not in ("", row["merchant"]):
        return False
    await refund_steps.settle(row["id"], answer, by=row["provider"])
    return True


async def _ask(row: db.Row) -> None:
    through = provider.named(row["provider"])
    if through is None:
        return
    answer = await through.give_back(Due(**{name: row[name] for name in Due.__struct_fields__}))
    if answer.outcome in ("unsure", "failed"):
        log.warning("refund %d through %s: %s", row["id"], row["provider"], answer.reason)
    await refund_steps.settle(row["id"], answer, by=SYSTEM)
