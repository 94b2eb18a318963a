"""The shop itself cancels what was to ship in exchange: as if its customer had asked for it and the shop agreed, so that what
they are owed for it has a place, and waits at the desk."""

from collections.abc import Mapping

from app import db
from app.returns import asking, called_off, holding, kept, moving, quotes
from app.returns.asked import Asked, AskedLine
from app.returns.called_off import Part
from app.returns.kept import Kept

ORDER = "SELECT customer, merchant, total, exchanged FROM orders WHERE id = {}"
LINES = 'SELECT id, external_id, quantity - cancelled_quantity AS there FROM order_lines WHERE "order" = {}'
WAITING = """
SELECT DISTINCT r.code, r.id FROM returns r JOIN return_lines l ON l.of_return = r.id
WHERE l."order" = {} AND l.held > 0 AND r.kind = 'cancellation' AND r.state = 'requested' ORDER BY r.id
"""


async def some(order: int, off: Mapping[str, int], *, by: str) -> set[tuple[str, str]]:
    """`off`: of the lines (their ids in the shop) so many. What was told of it: kinds and keys of the order's events. In the
    caller's transaction, with the customer's row locked."""
    (row,) = await db.rows(ORDER, order)
    before = await _there(order)
    for asked in await db.rows(WAITING, order):  # its customer was quicker
        await _agree(await kept.by_code(asked["code"]), by)
    now, left = await _there(order), await holding.left([order])
    counts = {
        line: min(off.get(name, 0) - (before[line, name] - there), left[line].free) for (line, name), there in now.items()
    }  # fmt: skip
    wanted = {line: count for line, count in counts.items() if count > 0}
    if wanted and (row["exchanged"] or row["total"]):
        what = Asked("cancellation", [AskedLine(line, count) for line, count in wanted.items()])
        quote = await quotes.quote(row["customer"], what, judged=False)
        code = await asking.record(quote, what, customer=row["customer"], by=by)
        await _agree(await kept.by_code(code), by)
    elif wanted:
        await called_off.call_off(order, [Part(line, count, 0) for line, count in wanted.items()], by=by)
    return await _told(order)


async def _agree(it: Kept, by: str) -> None:
    due = await asking.answer_by(it.it.merchant)
    amount, currency = it.it.expected, it.it.currency
    await moving.move(it, "approved", by=by, due_at=due, columns={"decided_by": by}, amount=amount, currency=currency)
    await called_off.agreed(await kept.by_code(it.it.code), by=by)


async def _there(order: int) -> dict[tuple[int, str], int]:
    return {(row["id"], row["external_id"]): row["there"] for row in await db.rows(LINES, order)}


async def _told(order: int) -> set[tuple[str, str]]:
    lines = 'SELECT external_id, cancelled_quantity AS n FROM order_lines WHERE "order" = {} AND cancelled_quantity > 0'
    found = {("line_cancelled", f"{row['external_id']} {row['n']}") for row in await db.rows(lines, order)}
    return found | {("order_cancelled", "")} if all(not n for n in (await _there(order)).values()) else found
