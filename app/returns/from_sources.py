"""Returns that a shop's own system knows: one row each, moved by the desk's verbs. Said again, or late, nothing happens twice.

The shop has agreed to take it by rules of its own: only what is left of a line is looked at here. A step that our ways do not
have is refused, and the return stays where it is. Whoever tells of one merchant takes turns, as for its orders.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec
from msgspec.structs import replace

from app import db
from app.accounts import customers
from app.db import transaction
from app.errors import Invalid, Missing
from app.returns import asking, kept, quotes, source_changes, source_refunds, source_steps
from app.returns.asked import Asked, AskedLine
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
NAMED = """
SELECT lines FROM refunds WHERE "order" = {{}} AND origin = 'source' AND of_return IS NULL AND state = 'succeeded'
  AND external_id IN ({marks})
"""
COUNT = 'UPDATE order_lines SET refunded_quantity = refunded_quantity + {} WHERE "order" = {} AND external_id = {}'


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
            return await source_steps.step(merchant, code, told, by=by)
        if not told.order or told.step not in ("requested", "approved"):
            raise Missing
        code = await _make(merchant, told, by=by)
        await source_steps.step(merchant, code, told, by=by)
        await paid_back(merchant, told.id, told.refunds, by=by)
        return True


async def paid_back(merchant: int, external_id: str, refunds: Sequence[str], *, by: str) -> None:
    """The source says that it gave money back for it, as rows of `refunds` with these ids. Ours, recognised, are counted."""
    async with transaction():
        if code := await known(merchant, external_id):
            await source_refunds.paid_for(merchant, code, refunds, by=by)


async def _make(merchant: int, told: SourceReturn, *, by: str) -> str:
    order = await db.one(ORDER, merchant, told.order)
    if order is None:
        raise Missing
    await customers.lock(order["customer"])
    ids = {row["external_id"]: row["id"] for row in await db.rows(LINES, order["id"])}
    lines = _lines(told, ids)
    if code := await _alike(order["customer"], merchant, {line.line: line.quantity for line in lines}):
        await db.execute("UPDATE returns SET external_id = {} WHERE code = {}", told.id, code)
    else:
        paid = await _counted(order["id"], told.refunds)
        await _count(order["id"], {line: -count for line, count in paid.items()})  # it is for this one that they are gone
        code = await _new(order["customer"], lines, told.id, by=by)
        await _count(order["id"], paid)
    await source_changes.name(await kept.by_code(code), told.lines, ids)
    return code


async def _counted(order: int, refunds: Sequence[str]) -> Counter[str]:
    """How many of the order's lines these refunds have named, by the shop's ids."""
    found = Counter[str]()
    for row in await db.rows(NAMED.format(marks=db.marks(len(refunds))), order, *refunds) if refunds else ():
        found.update({part["line"]: part["quantity"] for part in msgspec.json.decode(row["lines"])})
    return found


async def _count(order: int, more: Mapping[str, int]) -> None:
    for line, count in more.items():
        await db.execute(COUNT, count, order, line)


async def _new(customer: int, lines: Sequence[AskedLine], external_id: str, *, by: str) -> str:
    what = Asked("return", lines)
    quote = await quotes.quote(customer, what, judged=False)
    quote = replace(quote, rules=replace(quote.rules, auto_below={}))  # the source says when it is agreed to
    return await asking.record(quote, what, customer=customer, by=by, external_id=external_id)


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
