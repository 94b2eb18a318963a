"""An open claim gives way to a withdrawal from the same items: a weaker right, which nobody has decided on, never blocks a
stronger one (Directive 2011/83/EU, Art. 9). What was agreed to, or is on its way, stays where it is.
"""

from collections.abc import Sequence

from app import db
from app.returns import holding, kept, moving, reducing
from app.returns.kept import Kept

CLAIMS = f"""
SELECT DISTINCT r.code, r.id FROM returns r JOIN return_lines l ON l.of_return = r.id
WHERE {holding.UNDECIDED} AND r.customer = {{{{}}}} AND l.held > 0 AND l.line IN ({{marks}}) ORDER BY r.id
"""  # noqa: S608 - our own names


async def make_room(it: Kept, *, by: str) -> None:
    """For a withdrawal whose lines are written, in the transaction that has written them, with the customer's row locked. Each
    claim about a line that is held twice loses as much of it as is needed, the oldest first, and all of it is told on both
    sides; what stays of them is promised anew, for the withdrawal has changed what is left."""
    left = await holding.left(await kept.orders_of(it.it.id))
    over = {line.line: left[line.line].over for line in it.lines if line.held and left[line.line].over}
    if not over:
        return
    found = await db.rows(CLAIMS.format(marks=db.marks(len(over))), it.it.customer, *over)
    claims = [await kept.by_code(row["code"]) for row in found]
    gave = [claim.it.code for claim in claims if await _give(claim, over, it, by)]
    await _without_what_was_given(it, claims)
    await moving.tell(it, "withdrawal_took_over", by=by, claims=gave)


async def _without_what_was_given(it: Kept, claims: Sequence[Kept]) -> None:
    """What a claim that is over with this has brought its customer is no part of what the withdrawal brings."""
    now = [(await kept.by_code(claim.it.code)).it for claim in claims if claim.it.refunded]
    left = await holding.left(await kept.orders_of(it.it.id))
    if any(claim.state == "cancelled" for claim in now) and not any(left[line.line].over for line in it.lines):
        await reducing.less(it, [(line, line.quantity) for line in it.lines])


async def _give(claim: Kept, over: dict[int, int], it: Kept, by: str) -> bool:
    """Whether it has lost something. `over` goes down by what it gives. What the shop has taken back of it meanwhile, or has
    no line for any more, cannot be held anew: it goes as well."""
    gone = {line.line: min(line.held, over.get(line.line, 0)) for line in claim.lines}
    over.update({line: over[line] - count for line, count in gone.items() if line in over})
    await db.execute("UPDATE return_lines SET held = 0 WHERE of_return = {}", claim.it.id)
    free = await holding.left(await kept.orders_of(claim.it.id))
    left = {number: one.free for number, one in free.items()}
    stay = [(line, min(line.quantity - gone[line.line], left.get(line.line, 0))) for line in claim.lines]
    if not any(count > 0 for _line, count in stay):
        await moving.move(claim, "cancelled", by=by, withdrawal=it.it.code)
        return True
    await reducing.less(claim, stay)
    if any(count < line.quantity for line, count in stay):
        await moving.tell(claim, "claim_reduced", by=by, withdrawal=it.it.code)
    return any(gone.values())
