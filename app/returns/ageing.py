"""What time does to returns, a chore: what was agreed to and never sent is over, but a claim goes back to its seller; what is
settled closes with its money. Whoever does not answer what is proposed in exchange has their money back.

A guest's declaration that was never confirmed is none (`withdrawals`).
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from app import clock, db
from app.errors import Refused
from app.returns import advance, claimed, kept, moving, objections, proposals, proposing, standing_money, states, whole
from app.returns.deadlines import NEVER_SENT
from app.returns.kept import Kept

AT_ONCE = 100
# In the order of their indexes: else all returns are looked through for the few that are due.
OVERDUE = """
SELECT code FROM returns WHERE kind = 'return' AND state IN ('approved', 'label_issued') AND send_by < {}
ORDER BY send_by LIMIT {}
"""
MISSING = """
SELECT code FROM returns WHERE kind = 'claim' AND state = 'approved' AND waiting_on = 'buyer' AND send_by < {}
ORDER BY send_by LIMIT {}
"""
UNANSWERED = """
SELECT r.code FROM exchange_proposals p JOIN returns r ON r.id = p.of_return WHERE p.state = 'open' AND p.answer_by <= {}
ORDER BY p.answer_by LIMIT {}
"""
# What was agreed to has gone out by another way than the desk's, or will not be sent.
GONE_OUT = """
SELECT r.code FROM exchange_proposals p JOIN returns r ON r.id = p.of_return LEFT JOIN orders x ON x.id = r.exchange
WHERE p.state = 'agreed' AND (x.id IS NULL OR x.fulfilment <> 'unfulfilled' OR x.state = 'cancelled') ORDER BY p.id LIMIT {}
"""
# Money that is still on its way, or has failed, keeps it open, also what goes back for an exchange that was cancelled; and so
# does an objection that waits.
FOR_IT = "(f.of_return = r.id OR f.for_order = r.exchange)"
DONE = f"""
SELECT code FROM returns r WHERE state IN ('refunded', 'exchanged', 'credited', 'resolved') AND settled_at < {{}}
AND (waiting_on <> 'seller' OR objected_at IS NULL OR objected_at < settled_at) AND NOT EXISTS (
  SELECT 1 FROM return_lines l JOIN returns k ON k.id = l.of_return
  WHERE l."order" = r.exchange AND k.kind IN ('cancellation', 'withdrawal') AND k.settled_at IS NULL
  AND k.state NOT IN {states.LET_GO}
) AND NOT EXISTS (SELECT 1 FROM refunds f WHERE {FOR_IT} AND f.state IN ('requested', 'pending'))
AND NOT {standing_money.failed(FOR_IT)}
ORDER BY settled_at LIMIT {{}}
"""  # noqa: S608 - our own names


async def age() -> None:
    """Each in a transaction of its own; one that somebody is just moving is left to them."""
    at = clock.now()
    never_sent = at - timedelta(days=NEVER_SENT)
    for row in await db.scan(OVERDUE, never_sent, AT_ONCE):
        await _each(row["code"], _expire)
    for row in await db.scan(MISSING, never_sent, AT_ONCE):
        await _each(row["code"], claimed.missing)
    for row in await db.scan(UNANSWERED, at, AT_ONCE):
        await _each(row["code"], proposing.lapse)
    for row in await db.scan(GONE_OUT, AT_ONCE):
        await _each(row["code"], _gone_out)
    for row in await db.scan(DONE, at - objections.LONGEST, AT_ONCE):
        await _each(row["code"], _close)


async def _each(code: str, verb: Callable[[Kept], Awaitable[None]]) -> None:
    try:
        async with db.transaction():
            it = await kept.by_code(code)
            await moving.lock(it.it)
            await verb(await kept.by_code(code))
    except Refused:
        return


async def _expire(it: Kept) -> None:
    """What was sent in exchange already is not let go."""
    if advance.goods_owed(it):
        await advance.missing(it)
    else:
        await _move(it, "expired")
        await whole.renew(it, by="system")


async def _gone_out(it: Kept) -> None:
    await proposals.gone_out(it.it.id)
    await moving.seen(it)


async def _close(it: Kept) -> None:
    """Not while an objection waits for its answer."""
    if not objections.for_less(it.it):
        await _move(it, "closed")


async def _move(it: Kept, to: str) -> None:
    if states.may(it.it.kind, it.it.state, to):
        await moving.move(it, to, by="system")
