"""Refunds that were decided here stand when a source speaks of the order again, and are not counted twice when it reports them.

A shop that learns of our refund (its own pages paid it, its payment provider told it) names it by an id of its own. The first
of ours that it can be, of the same amount and means and not yet named by any source, is that one from then on.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from msgspec.structs import replace

from app import clock, db
from app.errors import Refused
from app.events import actions as events
from app.ingest.merging import REFUND_STATES, paid_back
from app.ingest.snapshot import OrderSnapshot, Refund
from app.orders import refund_less, refund_steps
from app.payments import bounds, own

Ours = Mapping[str, int]  # external id → row's id
CREDIT = ("store_credit", "gift_card")
OURS = 'SELECT "order", external_id, id FROM refunds WHERE origin = \'counter\' AND "order" IN ({}) ORDER BY id'
NAMED = "UPDATE refunds SET external_id = {} WHERE id = {}"
PAYMENT_STATES = ("unpaid", "authorised", "paid", "partly_refunded", "refunded")
SETTLED = """
UPDATE refunds SET settled_at = {}, sent_at = COALESCE(sent_at, {}), next_try_at = NULL
WHERE "order" = {} AND origin = 'counter' AND settled_at IS NULL AND state = 'succeeded'
"""
TAKEN_UP = """
UPDATE refunds SET approved_at = {}, sent_at = {}, next_try_at = NULL
WHERE "order" = {} AND origin = 'counter' AND approved_at IS NULL AND state = 'pending'
RETURNING id, external_id, amount, kind, provider
"""
UNSENT = """
SELECT id, amount FROM refunds WHERE "order" = {} AND origin = 'counter' AND state IN ('requested', 'pending')
AND sent_at IS NULL AND balance IS NULL ORDER BY id DESC
"""
ORDER = "SELECT customer, merchant, currency FROM orders WHERE id = {}"
# By which a payment is known again, the surest first; its place alone where there are as many as before.
ALIKE = (("reference",), ("kind", "brand", "last_four", "position"), ("kind", "brand", "last_four"), ("kind",))
PAYMENTS = 'SELECT id, position, kind, brand, last_four, reference FROM payments WHERE "order" = {} ORDER BY position, id'
HELD = "SELECT 1 AS found FROM refunds WHERE payment = {} LIMIT 1"


async def ours(order_ids: Sequence[int]) -> dict[int, Ours]:
    """By order id; orders without any are left out."""
    found: dict[int, dict[str, int]] = {}
    for row in await db.scan(OURS.format(db.marks(len(order_ids))), *order_ids) if order_ids else ():
        found.setdefault(row["order"], {})[row["external_id"]] = row["id"]
    return dict(found)


async def recognised(before: OrderSnapshot, told: Sequence[Refund], known: Ours) -> tuple[OrderSnapshot, Ours]:
    """The order with its refunds under the source's names, and ours under these; written to their rows at once."""
    names = {one.id for one in before.refunds}
    waiting = [one for one in before.refunds if one.id in known and own.is_own(one.id) and one.state != "failed"]
    renamed: dict[str, str] = {}
    for refund in told:
        if refund.id in names or refund.state == "failed":
            continue
        if same := next((one for one in waiting if one.id not in renamed and _may_be(one, refund)), None):
            renamed[same.id] = refund.id
            await db.execute(NAMED, refund.id, known[same.id])
    if not renamed:
        return before, known
    refunds = [replace(one, id=renamed.get(one.id, one.id)) for one in before.refunds]
    return replace(before, refunds=refunds), {renamed.get(name, name): number for name, number in known.items()}


def _may_be(ours: Refund, told: Refund) -> bool:
    """Store credit of ours is nothing that a shop could know of, unless it says so."""
    if ours.amount != told.amount:
        return False
    return ours.kind == told.kind or (ours.kind not in CREDIT and told.kind not in CREDIT)


def with_ours(before: OrderSnapshot, after: OrderSnapshot, known: Ours) -> OrderSnapshot:
    """What we know better of our own: how much it was and where it went, and how far it has come. Money that went from here
    without the source's knowledge shows in the state of payment."""
    mine = {one.id: one for one in before.refunds if one.id in known}
    if not mine:
        return after
    lines = {line.id for line in after.lines}
    refunds = [_further(mine[one.id], one, lines) if one.id in mine else one for one in after.refunds]
    payment: Any = max(after.payment, paid_back(after, refunds), key=PAYMENT_STATES.index)
    return replace(after, refunds=refunds, payment=payment)


def _further(ours: Refund, told: Refund, lines: set[str]) -> Refund:
    """A step back is never the source's to tell, nor that it failed; money that it says is on its way or gone, is."""
    news = told.state != "failed" and REFUND_STATES[told.state] > REFUND_STATES[ours.state]
    state, at = (told.state, told.at or ours.at) if news else (ours.state, ours.at)
    named = [part for part in ours.lines or told.lines if part.line in lines]
    return replace(ours, state=state, at=at, reason=ours.reason or told.reason, lines=named)


async def settled(order_id: int) -> None:
    """What a source has just settled, or taken up, for us is not to be sent any more. That it is done is a milestone. What it
    has given back by itself leaves no room for what was decided here and not sent: nobody is paid twice."""
    at = clock.now()
    await db.execute(SETTLED, at, at, order_id)
    for row in await db.execute(TAKEN_UP, at, at, order_id):
        (order,) = await db.rows(ORDER, order_id)
        await events.record(
            "refund_sent", customer=order["customer"], merchant=order["merchant"], order=order_id, key=row["external_id"],
            refund=row["id"], amount=row["amount"], currency=order["currency"], means=row["kind"], provider=row["provider"],
            origin="counter", by="source",
        )  # fmt: skip

    await _make_room(order_id)


async def _make_room(order_id: int) -> None:
    """The newest of ours go first, the last only by what is too much; what a provider was asked for, only it can tell."""
    unsent = await db.rows(UNSENT, order_id)
    if not unsent:
        return
    (order,) = await db.rows("SELECT total, payment FROM orders WHERE id = {}", order_id)
    now = await bounds.of_order(order_id, order["total"], order["payment"])
    too_much = 0 if order["payment"] in bounds.UNPAID else now.given - now.paid
    for row in unsent:
        less = min(too_much, row["amount"])
        with suppress(Refused):
            if 0 < less < row["amount"]:
                await refund_less.reduce(row["id"], less, by="source")
            elif less > 0:
                await refund_steps.fail(row["id"], by="source", reason=own.GIVEN_THERE)
            too_much -= less


async def write_payments(order_id: int, records: Sequence[Mapping[str, Any]]) -> None:
    """Rows are kept, so that refunds can refer to them. One that is named no more goes, or brings nothing any more where
    refunds hang on it."""
    found = list(await db.rows(PAYMENTS, order_id))
    for record, row in _matched(records, found):
        if row is None:
            await db.insert("payments", [{"order": order_id, **record}])
        else:
            pairs = ", ".join(f'"{name}" = {{}}' for name in record)
            await db.execute(f"UPDATE payments SET {pairs} WHERE id = {{}}", *record.values(), row["id"])  # noqa: S608
    for row in found:
        if await db.rows(HELD, row["id"]):
            await db.execute("UPDATE payments SET amount = 0 WHERE id = {}", row["id"])
        else:
            await db.execute("DELETE FROM payments WHERE id = {}", row["id"])


def _matched(records: Sequence[Mapping[str, Any]], found: list[db.Row]) -> list[tuple[Mapping[str, Any], db.Row | None]]:
    """Each with its row, which is taken out of `found`."""
    pairs: dict[int, db.Row | None] = dict.fromkeys(range(len(records)))
    as_many = (("position",),) if len(records) == len(found) else ()
    for columns in (*ALIKE, *as_many):
        for n, record in enumerate(records):
            if pairs[n] is not None or (columns == ALIKE[0] and not record["reference"]):
                continue
            row = next((it for it in found if all(it[name] == record[name] for name in columns)), None)
            if row is not None:
                found.remove(row)
                pairs[n] = row
    return [(records[n], row) for n, row in pairs.items()]
