"""What comes in place of what was sent back: an exchange or a replacement, which ships as a new order; money; a repair.

That it is on its way is said once a parcel of it is. One that is sent before the goods are back waits for these (`advance.py`).

Whoever has a thing again after a claim can claim again: nothing of it is held any more.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app import db, typed
from app.db import transaction
from app.errors import Invalid, Refused
from app.i18n import _, voice
from app.orders import exchanges, refunded
from app.orders.refunding import Wanted
from app.returns import (
    deciding,
    exchanging,
    given_beside,
    kept,
    moving,
    owed,
    payers,
    proposals,
    reducing,
    settling,
    states,
    whole,
    worth,
)  # fmt: skip
from app.returns.exchanging import Sending
from app.returns.kept import Kept, KeptReturnLine
from app.shipments import adding, checks
from app.shipments.snapshot import Content

MOST_OF_PARCEL = 100  # letters of a carrier's name, or of a number
MADE = "SELECT id, external_id, fulfilment, state, cancelled_at FROM orders WHERE id = {}"
ANOTHERS = "SELECT id FROM returns WHERE exchange = {} AND id <> {} LIMIT 1"
ITS_LINES = """
SELECT external_id, quantity - cancelled_quantity AS quantity FROM order_lines
WHERE "order" = {} AND quantity > cancelled_quantity ORDER BY position
"""


async def exchange(merchant: int, code: str, what: Sending, *, by: str, again: bool = False) -> int:
    """The order (its id) in which the exchange or the replacement ships: one that is there by its number, or one made of the
    items that are said. What it is worth less goes back through the ledger. `again`: as of `settling.refund`. Raises Missing,
    Invalid(number=…, again=…, or by field and line as `exchanging.check`), Refused."""
    async with transaction():
        it = await deciding.locked(merchant, code)
        wanted = exchanging.lines(it)
        if not wanted or it.it.order is None or it.it.customer is None or it.it.state not in settling.PAYABLE:
            raise Refused(_("There is nothing to exchange here."))
        await given_beside.check(it, meant=again, goods=True)
        await proposals.end(it, "replaced")
        said: dict[str, Any] = {}
        if what.number.strip():
            order = await _named(it, what.number)
        else:
            order, said = await _made(it, wanted, what, by=by)
        await db.execute("UPDATE returns SET exchange = {} WHERE id = {}", order, it.it.id)
        if it.it.kind == "claim":
            await db.execute("UPDATE return_lines SET held = 0, wish = 'replacement' WHERE of_return = {}", it.it.id)
            await refunded.for_no_piece(it.it.id)
        left = await owed.left(await kept.by_code(code))  # what is given for the difference is promised since
        if it.it.kind == "return" and (it.it.received_at is None or any(share.total for share in left)):
            await moving.tell(it, "return_exchange_sent", by=by, exchange=order, **said)
        else:
            paid = "refunded" if it.it.refunded else "exchanged"
            await moving.move(it, "resolved" if it.it.kind == "claim" else paid, by=by, exchange=order, **said)
        await whole.renew(it, by=by)
    return order


async def _named(it: Kept, number: str) -> int:
    """The order's id. Raises Invalid(number=…)."""
    assert it.it.customer is not None  # noqa: S101 - looked at by `exchange`
    order = await exchanges.named(it.it.customer, it.it.merchant, number, currency=it.it.currency, since=it.it.created_at)
    if order in {line.order for line in it.lines}:
        raise Invalid(number=_("This is the order that came back. Say the new one."))
    if await db.rows(ANOTHERS, order, it.it.id):
        raise Invalid(number=_("This order is another return’s exchange already."))
    return order


async def _made(it: Kept, wanted: Sequence[KeptReturnLine], what: Sending, *, by: str) -> tuple[int, dict[str, Any]]:
    """Its id, and what its event says of the difference."""
    exchanging.check(what.items, wanted)
    found = exchanging.compared(what.items, wanted)
    difference = sum(one.difference for one in found)
    asked = difference if what.ask and difference > 0 and it.it.kind == "return" else 0
    assert it.it.order is not None  # noqa: S101 - looked at by `exchange`
    came = sum(one.line.expected for one in found)
    exchanged = min(came, came + difference) if it.it.kind == "return" else 0  # a claim's goods are its customer's
    order = await exchanges.make(it.it.order, it.it.code, [one.record for one in found], asked=asked, exchanged=exchanged)
    said: dict[str, Any] = {"to_pay": asked, "currency": it.it.currency} if asked else {}
    if difference < 0 and (given := await _give_difference(it, exchanging.shared(found), by=by)):
        said = {"given": given, "currency": it.it.currency}
    return order, said


async def _give_difference(it: Kept, parts: Mapping[int, int], *, by: str) -> int:
    """By order; as far as it was paid and has not gone back by itself. What a return has not promised yet, it promises now."""
    more, shares = dict[int, int](), {share.order: share for share in await owed.left(it)}
    for order, amount in parts.items():
        most = shares[order].total if it.it.kind == "claim" and order in shares else amount
        part = await payers.possible(order, min(amount, most))
        if part:
            more[order] = part
            due = it.it.refund_by
            wanted = Wanted(amount=part, of_return=it.it.id, due_at=due, reason=it.it.code)
            await payers.give(order, wanted, by=by)
    if more and it.it.kind == "return":
        grounds, added = worth.raised(it.it.grounds, more), sum(more.values())
        await db.execute("UPDATE returns SET grounds = {}, expected = expected + {} WHERE id = {}", grounds, added, it.it.id)
    return sum(more.values())


async def sent(merchant: int, code: str, *, carrier: str, number: str, by: str) -> None:
    """The parcel of the order that was made here has gone out, all of it. Raises Missing, Invalid(tracking_number=…,
    carrier=…), Refused."""
    if not number.strip():
        raise Invalid(tracking_number=_("The number on the parcel."))
    for name, text in (("tracking_number", number), ("carrier", carrier)):
        if unfit := typed.wrong_words(text, MOST_OF_PARCEL):
            raise Invalid.at({name: unfit})
    if checks.of_number(number.strip()):
        raise Invalid(tracking_number=_("The number on the parcel: what can be read there, in one line."))
    async with transaction():
        if before := await _made_here(await kept.at_desk(merchant, code)):
            await adding.lock_people(merchant, before["external_id"], number.strip())
        it = await deciding.locked(merchant, code)
        row = await _made_here(it)
        if row is None or row["fulfilment"] != "unfulfilled":
            raise Refused(_("There is no exchange here that waits to be sent."))
        lines = await db.rows(ITS_LINES, row["id"])
        contents = [Content(line=line["external_id"], quantity=line["quantity"]) for line in lines]
        await adding.add(merchant, row["external_id"], number.strip(), contents, carrier.strip())
        await moving.tell(
            it, f"{it.it.kind}_exchange_dispatched", by=by, carrier=carrier.strip(), tracking_number=number.strip()
        )
        await proposals.gone_out(it.it.id)


async def difference_paid(merchant: int, code: str, *, by: str) -> None:
    """Raises Missing, Refused where nothing was asked for."""
    async with transaction():
        it = await deciding.locked(merchant, code)
        made = await _made_here(it)
        if made is None or not await exchanges.paid(made["id"], by=by):
            raise Refused(_("Nothing is to be paid for this exchange."))
        await reducing.paid(made["id"])
        await moving.seen(it)


async def _made_here(it: Kept) -> db.Row | None:
    """The order that was made for it, as far as it is still to be sent. Raises Refused (409) where that was cancelled."""
    row = await db.one(MADE, it.it.exchange) if it.it.exchange else None
    if row is None or not exchanges.made_for(row["external_id"], it.it.code):
        return None
    if row["state"] == "cancelled":
        raise Refused(_("This exchange was cancelled on %(day)s: nothing of it is sent or paid any more.") % {
            "day": voice().day(row["cancelled_at"]),
        })  # fmt: skip
    return row


async def money_instead(merchant: int, code: str, *, by: str, text: str = "") -> None:
    """What was to be exchanged cannot be: it is to be paid back, at what it would have brought. Raises Missing,
    Invalid(text=…), Refused."""
    if unfit := typed.wrong_words(text):
        raise Invalid(text=unfit)
    async with transaction():
        it = await deciding.locked(merchant, code)
        lines = exchanging.wished(it)
        if it.it.kind != "return" or not lines or it.it.state not in settling.PAYABLE:
            raise Refused(_("There is nothing to exchange here."))
        await proposals.end(it, "over")
        more: dict[int, int] = {}
        for line in lines:
            more[line.order] = more.get(line.order, 0) + line.expected
            await db.execute("UPDATE return_lines SET wish = 'refund' WHERE id = {}", line.id)
        added = sum(more.values())
        grounds = worth.raised(it.it.grounds, more)
        await db.execute("UPDATE returns SET grounds = {}, expected = expected + {} WHERE id = {}", grounds, added, it.it.id)
        said: dict[str, Any] = {"text": text.strip()} if text.strip() else {}
        if states.to_send(it.it) and it.it.send_by is not None:
            said["send_by"] = it.it.send_by
        await moving.tell(it, "return_paid_instead", by=by, amount=added, currency=it.it.currency, **said)
