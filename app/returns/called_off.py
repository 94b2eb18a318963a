"""What of an order that ships in exchange is not sent after all: cancelled by its customer and agreed to, withdrawn from before
it was sent, or cancelled by the shop. No source tells of one that was made here: it is cancelled here, as a source would.

Its customer's row is locked by the caller, who has a transaction; so is whatever sends it (`replacing.sent`).
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from app import clock, db
from app.events import actions as events
from app.orders import exchanges, revisions
from app.payments.bounds import UNPAID
from app.returns import cancelling, exchange_ends, kept, moving
from app.returns.exchange_ends import Off
from app.returns.kept import Kept
from app.shipments import order_summaries

ORDER = """
SELECT id, customer, merchant, currency, external_id, state, payment, total FROM orders WHERE id = {} AND state = 'open'
AND NOT EXISTS (SELECT 1 FROM shipments s WHERE s."order" = orders.id AND s.state = 'dispatched'
  AND NOT EXISTS (SELECT 1 FROM shipment_lines c WHERE c.shipment = s.id))
"""  # a parcel of which nobody said what is in it may hold all of it
LINES = """
SELECT l.id, l.position, l.external_id, l.title, l.unit_price, l.quantity, l.cancelled_quantity,
  l.quantity - l.cancelled_quantity - coalesce((
    SELECT sum(c.quantity) FROM shipment_lines c JOIN shipments s ON s.id = c.shipment
    WHERE c.line = l.id AND s.state <> 'cancelled'), 0) AS unsent
FROM order_lines l WHERE l."order" = {} ORDER BY l.position
"""
LESS = """
UPDATE order_lines SET cancelled_quantity = cancelled_quantity + {}, total = total - {}, discount = discount + {} WHERE id = {}
"""


class Part(Struct, frozen=True):
    """So many of a line (`order_lines.id`), for which so much was promised."""

    line: int
    quantity: int
    promised: int


async def agreed(it: Kept, *, by: str) -> None:
    """A cancellation that was agreed to, or a withdrawal that was declared: of what is made here it holds nothing any more, for
    that is cancelled. One for which nothing was promised is over with that."""
    for number in await kept.orders_of(it.it.id):
        own = [line for line in it.lines if line.order == number and line.held]
        off = await call_off(number, [Part(line.line, line.quantity, line.expected) for line in own], by=by, code=it.it.code)
        for line in own:
            if line.line in off:
                await db.execute("UPDATE return_lines SET held = 0 WHERE id = {}", line.id)
        await cancelling.renew(number)
    now = await kept.by_code(it.it.code)
    if now.it.kind == "cancellation" and not now.it.expected and not any(line.held for line in now.lines):
        await moving.move(now, "closed", by=by, called_off=True, columns={"settled_at": clock.now()})


async def call_off(order: int, parts: Sequence[Part], *, by: str, code: str = "") -> set[int]:
    """The lines of which that was still possible: what is said of them was still to be sent. `code`: of what asked for it."""
    row = await db.one(ORDER, order)
    if row is None or not exchanges.made_here(row["external_id"]):
        return set()
    lines = {line["id"]: line for line in await db.rows(LINES, order)}
    off = [part for part in parts if part.line in lines and 0 < part.quantity <= lines[part.line]["unsent"]]
    if not off:
        return set()
    asked = await _write(row, off, lines)
    whole = all(line["quantity"] == line["cancelled_quantity"] for line in await db.rows(LINES, order))
    if whole:
        await db.execute("UPDATE orders SET cancelled_at = {} WHERE id = {}", clock.now(), order)
    elif row["payment"] in UNPAID and not asked:  # what is left is paid for by what came back
        await db.execute("UPDATE orders SET payment = 'paid' WHERE id = {}", order)
    await order_summaries.renew(order)
    await _tell(row, off, lines, whole=whole, by=by)
    await revisions.changed(order)
    counts = {lines[part.line]["position"]: (part.quantity, lines[part.line]["quantity"]) for part in off}
    await exchange_ends.told(order, Off(counts, sum(part.promised for part in off), whole, code), by=by)
    return {part.line for part in off}


async def _write(order: db.Row, off: Sequence[Part], lines: Mapping[int, db.Row]) -> int:
    """What is still to be paid: nobody is asked for the price of what is not sent, as far as it was not paid."""
    left: int = order["total"]
    for part in off:
        price = lines[part.line]["unit_price"] * part.quantity
        less = min(max(price - part.promised, 0), left) if order["payment"] in UNPAID else 0
        await db.execute(LESS, part.quantity, less, less, part.line)
        left -= less
    await db.execute("UPDATE orders SET total = {} WHERE id = {}", left, order["id"])
    return left


async def _tell(order: db.Row, off: Sequence[Part], lines: Mapping[int, db.Row], *, whole: bool, by: str) -> None:
    about = {"customer": order["customer"], "merchant": order["merchant"], "order": order["id"], "by": by}
    if whole:
        await events.record("order_cancelled", **about, key="", exchange=order["external_id"])
        return
    for part in off:
        line = lines[part.line]
        key = f"{line['external_id']} {line['cancelled_quantity'] + part.quantity}"
        said = {"key": key, "title": line["title"], "quantity": part.quantity}
        await events.record("line_cancelled", **about, **said, exchange=order["external_id"])
