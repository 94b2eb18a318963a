"""What a refund is to its order: found and locked with it, told of it, summed up on its row.

The verbs of money live with the orders, not with the payments: each of them changes what an order's own row and page say, and
payments come before orders in the house's order.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from app import clock, db
from app.accounts import customers
from app.errors import Missing, Refused
from app.events import actions as events
from app.orders.summary import stage_of

ORDER = """
SELECT o.id, o.customer, o.merchant, o.address, o.currency, o.total, o.payment, o.refunded, o.state, o.fulfilment,
  o.carrier_status, o.stage, m.slug
FROM orders o JOIN merchants m ON m.id = o.merchant WHERE o.id = {} AND o.customer = {}
"""
REFUND = """
SELECT r.*, COALESCE(p.brand, '') AS brand, COALESCE(p.last_four, b.last_four, '') AS last_four,
  COALESCE(p.reference, '') AS payment_reference
FROM refunds r LEFT JOIN payments p ON p.id = r.payment LEFT JOIN balances b ON b.id = r.balance WHERE r.id = {}
"""
SUM_UP = """
UPDATE returns SET refunded = (
  SELECT COALESCE(SUM(amount + bonus), 0) FROM refunds WHERE of_return = {} AND state <> 'failed'
) WHERE id = {}
"""
NAMED = "SELECT lines FROM refunds WHERE of_return = {} AND \"order\" = {} AND state <> 'failed'"
UNNAMED = "UPDATE refunds SET lines = '[]' WHERE of_return = {} AND origin = 'counter' AND lines <> '[]' RETURNING \"order\""
PAYMENT_STATES = ("paid", "partly_refunded", "refunded")


async def locked(order: int) -> db.Row:
    """With its customer's row, in the caller's transaction. Raises Missing, Refused (503) when it is being given to another."""
    found = await db.one("SELECT customer FROM orders WHERE id = {}", order)
    if found is None:
        raise Missing
    await customers.lock(found["customer"])
    row = await db.one(ORDER, order, found["customer"])
    if row is None:
        raise Refused("This order is just being changed. Send it again", status=503, retry_after=1)
    return row


async def locked_refund(number: int, merchant: int | None = None) -> tuple[db.Row, db.Row]:
    """A refund that was decided here, behind its order, both as they are now. Raises Missing: also for another merchant's."""
    found = await db.one("SELECT \"order\" FROM refunds WHERE id = {} AND origin = 'counter'", number)
    if found is None:
        raise Missing
    order = await locked(found["order"])
    if merchant is not None and order["merchant"] != merchant:
        raise Missing
    return order, await read(number)


async def read(number: int) -> db.Row:
    (row,) = await db.rows(REFUND, number)
    return row


async def write(number: int, **columns: Any) -> None:
    pairs = ", ".join(f'"{name}" = {{}}' for name in columns)
    await db.execute(f"UPDATE refunds SET {pairs} WHERE id = {{}}", *columns.values(), number)  # noqa: S608


async def tell(kind: str, order: Mapping[str, Any], refund: Mapping[str, Any], *, by: str, **about: Any) -> None:
    """`by` did it. Where it goes is told by the means' kind, brand and last four: their words are the reader's."""
    same = {name: refund[name] for name in ("amount", "brand", "last_four", "provider", "origin")}
    await events.record(
        kind, customer=order["customer"], merchant=order["merchant"], order=order["id"], key=refund["external_id"],
        refund=refund["id"], currency=order["currency"], means=refund["kind"], by=by, **same, **about,
    )  # fmt: skip
    if refund["of_return"] is not None:  # a program that asks what has changed hears of its money, too
        await db.execute("UPDATE returns SET changed_at = {} WHERE id = {}", clock.now(), refund["of_return"])


async def sum_up(of_return: int | None) -> None:
    """On the row of the return that it is for: what has been asked for it, the bonus with it, less what has failed."""
    if of_return is not None:
        await db.execute(SUM_UP, of_return, of_return)


async def named_lines(of_return: int, order: int) -> bool:
    """Does a refund of that return that has not failed name its lines? They are counted once, however many parts it has."""
    found = await db.rows(NAMED, of_return, order)
    return any(row["lines"] != "[]" for row in found)


async def for_no_piece(of_return: int) -> None:
    """What was given for goods that stay with their customer is a part of their price: no piece is paid back with it."""
    found = await db.execute(UNNAMED, of_return)
    for order in sorted({row["order"] for row in found}):
        await renew(await locked(order))


async def renew(order: Mapping[str, Any], *, bounced: bool = False) -> None:
    """The order's own columns, and how many of each line were paid for again. `bounced`: money that had gone is back, so that
    less may have been refunded than before; else a source that says “refunded” is not contradicted."""
    found = await db.rows('SELECT amount, state, lines FROM refunds WHERE "order" = {}', order["id"])
    done = [row for row in found if row["state"] == "succeeded"]
    given = sum(row["amount"] for row in done)
    payment = _payment(order, given, bounced)
    await db.execute(
        "UPDATE orders SET refunded = {}, payment = {}, stage = {} WHERE id = {}",
        given, payment, stage_of(order["state"], payment, order["fulfilment"], order["carrier_status"]), order["id"],
    )  # fmt: skip
    await _count_lines(order["id"], done)


def _payment(order: Mapping[str, Any], given: int, bounced: bool) -> str:
    before: str = order["payment"]
    if before not in PAYMENT_STATES:
        return before
    now = "refunded" if 0 < order["total"] <= given else "partly_refunded" if given else "paid"
    return now if bounced else max(before, now, key=PAYMENT_STATES.index)


async def _count_lines(order: int, done: Sequence[Mapping[str, Any]]) -> None:
    counted: dict[str, int] = {}
    for row in done:
        for part in msgspec.json.decode(row["lines"]):
            counted[part["line"]] = counted.get(part["line"], 0) + part["quantity"]
    kept = await db.rows('SELECT id, external_id, refunded_quantity AS quantity FROM order_lines WHERE "order" = {}', order)
    for line in kept:
        if line["quantity"] != (now := counted.get(line["external_id"], 0)):
            await db.execute("UPDATE order_lines SET refunded_quantity = {} WHERE id = {}", now, line["id"])
