"""Returns that a shop's own system knows: one row each, moved by the desk's verbs. Said again, or late, nothing happens twice.

The shop has agreed to take it by rules of its own: only what is left of a line is looked at here. A step that our ways do not
have is refused, and the return stays where it is. Whoever tells of one merchant takes turns, as for its orders.
"""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from app import db
from app.accounts import customers
from app.db import transaction
from app.errors import Invalid, Missing, Refused
from app.i18n import _
from app.returns import asking, deciding, kept, moving, quotes, states
from app.returns.asked import Asked, AskedLine
from app.returns.kept import Kept
from app.returns.snapshot import SourceReturn
from app.typed import MOST_LETTERS

KNOWN = "SELECT code FROM returns WHERE merchant = {} AND external_id = {}"
ORDER = "SELECT id, customer FROM orders WHERE merchant = {} AND external_id = {}"
LINES = 'SELECT external_id, id FROM order_lines WHERE "order" = {}'
# What was asked for here, and then written down in the shop.
OURS = """
SELECT r.code, l.line, l.quantity FROM returns r JOIN return_lines l ON l.of_return = r.id
WHERE r.customer = {} AND r.merchant = {} AND r.external_id = '' AND r.kind IN ('return', 'withdrawal') AND l.held > 0
  AND r.settled_at IS NULL AND r.state <> 'unconfirmed' ORDER BY r.id
"""
LINKED = """
UPDATE refunds SET of_return = {{}} WHERE "order" = {{}} AND origin = 'source' AND of_return IS NULL AND state <> 'failed'
  AND external_id IN ({marks}) RETURNING amount
"""
APPROVED = ("approved", "label_issued", "in_transit", "received", *states.SETTLED, "closed")


async def known(merchant: int, external_id: str) -> str:
    """Its code, or an empty text."""
    found = await db.one(KNOWN, merchant, external_id)
    return str(found["code"]) if found else ""


async def take(merchant: int, told: SourceReturn, *, by: str) -> bool:
    """Whether anything has changed. Raises Missing for an order that is not here (yet), Invalid for lines that it does not
    have or that are taken, Refused for a step that cannot be."""
    async with transaction():
        code = await known(merchant, told.id)
        if code:
            return await _step(merchant, code, told, by=by)
        if not told.order or told.step not in ("requested", "approved"):
            raise Missing
        code = await _make(merchant, told, by=by)
        await _step(merchant, code, told, by=by)
        return True


async def paid_back(merchant: int, external_id: str, refunds: Sequence[str], *, by: str) -> None:
    """The source says that it gave money back for it, as rows of `refunds` with these ids. Ours, recognised, are counted."""
    async with transaction():
        code = await known(merchant, external_id)
        if not code or not refunds:
            return
        it = await deciding.locked(merchant, code)
        found = await db.execute(LINKED.format(marks=db.marks(len(refunds))), it.it.id, it.it.order, *refunds)
        amount = sum(row["amount"] for row in found)
        if amount:
            await db.execute("UPDATE returns SET refunded = refunded + {} WHERE id = {}", amount, it.it.id)
            await _refunded(it, amount, by=by)


async def _refunded(it: Kept, amount: int, *, by: str) -> None:
    if it.it.state == "requested":
        await deciding.approve(it.it.merchant, it.it.code, by=by)
        it = await kept.by_code(it.it.code)
    if states.may(it.it.kind, it.it.state, "refunded"):
        await moving.move(it, "refunded", by=by, amount=amount, currency=it.it.currency)
    else:
        await moving.tell(it, f"{it.it.kind}_part_refunded", by=by, amount=amount, currency=it.it.currency)


async def _step(merchant: int, code: str, told: SourceReturn, *, by: str) -> bool:
    it = await deciding.locked(merchant, code)
    state, to = it.it.state, told.step
    if to in ("requested", state) or (to == "approved" and (state in APPROVED or it.it.kind == "withdrawal")):
        return False
    if it.it.kind == "withdrawal" or (to == "approved" and state != "requested") or not states.may("return", state, to):
        raise Refused(_("That cannot be done any more: it has gone on meanwhile. Look at it again."))
    if to == "approved":
        await deciding.approve(merchant, code, by=by, first=True)
    elif to == "declined":
        await deciding.decline(merchant, code, clause=told.clause, answer=told.answer[:MOST_LETTERS], by=by)
    else:
        await moving.move(it, to, by=by)
    return True


async def _make(merchant: int, told: SourceReturn, *, by: str) -> str:
    order = await db.one(ORDER, merchant, told.order)
    if order is None:
        raise Missing
    await customers.lock(order["customer"])
    lines = _lines(told, {row["external_id"]: row["id"] for row in await db.rows(LINES, order["id"])})
    if code := await _alike(order["customer"], merchant, {line.line: line.quantity for line in lines}):
        await db.execute("UPDATE returns SET external_id = {} WHERE code = {}", told.id, code)
        return code
    what = Asked("return", lines)
    quote = await quotes.quote(order["customer"], what, judged=False)
    quote = replace(quote, rules=replace(quote.rules, auto_below={}))  # the source says when it is agreed to
    return await asking.record(quote, what, customer=order["customer"], by=by, external_id=told.id)


def _lines(told: SourceReturn, ids: Mapping[str, int]) -> list[AskedLine]:
    """A line that came in two parcels is named twice. Raises Invalid."""
    if strange := sorted({one.line for one in told.lines if one.line not in ids}):
        raise Invalid(lines=f"the order has no line {', '.join(strange)[:200]}")
    counts: dict[str, int] = {}
    for one in told.lines:
        counts[one.line] = counts.get(one.line, 0) + one.quantity
    first = {one.line: one for one in reversed(told.lines)}
    return [
        AskedLine(ids[line], count, first[line].reason, note=first[line].note[:MOST_LETTERS]) for line, count in counts.items()
    ]  # fmt: skip


async def _alike(customer: int, merchant: int, wanted: Mapping[int, int]) -> str:
    found: dict[str, dict[int, int]] = {}
    for row in await db.rows(OURS, customer, merchant):
        found.setdefault(row["code"], {})[row["line"]] = row["quantity"]
    return next((code for code, lines in found.items() if lines == wanted), "")
