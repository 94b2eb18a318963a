"""What becomes of a return or a claim when what was to be sent for it is cancelled.

A return is paid back then, by what has cancelled it; where nothing does, it is its seller's to pay back. So is a claim, whose
customer has a right to being made good: it is to be settled again, for what is not sent.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import msgspec
from msgspec import Struct

from app import db
from app.returns import amounts, asking, holding, kept, moving, whole, worth
from app.returns.kept import Kept, KeptReturnLine

WAITING = "SELECT code FROM returns WHERE exchange = {} ORDER BY id"
WORTH = 'SELECT position, unit_price * quantity AS worth FROM order_lines WHERE "order" = {}'
DISCOUNT = """
SELECT discount + COALESCE((SELECT SUM(discount) FROM order_lines WHERE "order" = {}), 0) AS amount FROM orders WHERE id = {}
"""
OWED = "UPDATE returns SET grounds = {}, expected = expected + {} WHERE id = {}"
KEEP = "UPDATE returns SET grounds = {} WHERE id = {}"


class Off(Struct, frozen=True):
    """`counts`: by the position of the new order's line how many of how many. `back`: what goes back for them. `whole`: nothing
    of it is left to be sent. `code`: of the cancellation or the withdrawal."""

    counts: Mapping[int, tuple[int, int]]
    back: int
    whole: bool
    code: str


async def told(order: int, off: Off, *, by: str) -> None:
    for row in await db.rows(WAITING, order):
        it = await kept.by_code(row["code"])
        if it.it.kind == "claim":
            await _claim(it, off, by, {row["position"]: row["worth"] for row in await db.rows(WORTH, order)})
        else:
            await _return(it, off, by)


async def by_the_shop(order: int, *, by: str) -> None:
    """An order of the shop's own, which it has cancelled: what of what came back has not gone back with that is owed again. How
    it was paid for, nobody here knows."""
    for row in await db.rows(WAITING, order):
        it = await kept.by_code(row["code"])
        if it.it.kind == "claim":
            await _claim(it, Off(dict.fromkeys(range(len(it.lines)), (1, 1)), 0, True, ""), by, {})
        elif replaced := _replaced(it):
            await _owed_again(it, replaced, by)


async def _owed_again(it: Kept, lines: Sequence[KeptReturnLine], by: str) -> None:
    came, more = sum(line.expected for line in lines), dict[int, int]()
    (off,) = await db.rows(DISCOUNT, it.it.exchange, it.it.exchange)
    # Where it was taken off the price, what went back is what its customer had paid beside it.
    gone = 0 if off["amount"] >= came else it.it.exchange_back
    if gone >= came:
        await _return(it, Off({}, gone, True, ""), by)
        return
    for line in lines:
        part = min(gone, line.expected)
        gone -= part
        more[line.order] = more.get(line.order, 0) + line.expected - part
        await db.execute("UPDATE return_lines SET wish = 'refund' WHERE id = {}", line.id)
    added = sum(more.values())
    await db.execute(OWED, worth.raised(it.it.grounds, more), added, it.it.id)
    kind = "return_exchange_cancelled"
    said: dict[str, Any] = {"by": by, "amount": added, "currency": it.it.currency}
    if it.it.settled_at is None:
        await moving.tell(it, kind, state=it.it.state, **said)
        return
    to = "received" if it.it.received_at else "approved"
    due = await asking.answer_by(it.it.merchant) if it.it.received_at else it.it.send_by
    columns = {"settled_at": None, "closed_at": None}
    await moving.move(it, to, due_at=due, called_off=True, event_kind=kind, columns=columns, state=to, **said)


async def _return(it: Kept, off: Off, by: str) -> None:
    said: dict[str, Any] = {"by": by, "amount": off.back, "currency": it.it.currency, "ended_by": off.code}
    if not off.whole:
        await moving.tell(it, "return_exchange_reduced", **said)
    elif it.it.state == "exchanged":
        kind = "return_exchange_cancelled"
        await moving.move(it, "refunded", called_off=True, event_kind=kind, state="refunded", **said)
    else:  # other items of it are, or were, paid back
        await moving.tell(it, "return_exchange_cancelled", state=it.it.state, **said)


async def _claim(it: Kept, off: Off, by: str, worth_of: Mapping[int, int]) -> None:
    """What nobody else holds by now is held again, until it is made good. `worth_of`: by the new order's line (its position),
    what was to be sent."""
    await _promise_again(it, off, worth_of)
    lines = _off_lines(it, off)
    left = await holding.left(await kept.orders_of(it.it.id))
    for line in lines:
        if not line.held and line.line in left and left[line.line].free >= line.quantity:
            await db.execute("UPDATE return_lines SET held = quantity WHERE id = {}", line.id)
    it = await kept.by_code(it.it.code)
    await _again(it, off, by)
    await whole.renew(it, by=by)


async def _again(it: Kept, off: Off, by: str) -> None:
    """It is its seller's, from now on or still."""
    if it.it.state == "approved":
        await moving.tell(it, "claim_exchange_cancelled", by=by, state="approved", ended_by=off.code)
        return
    due = await asking.answer_by(it.it.merchant)
    await moving.move(
        it, "approved", by=by, due_at=due, called_off=True, event_kind="claim_exchange_cancelled", state="approved",
        columns={"settled_at": None, "closed_at": None}, ended_by=off.code,
    )  # fmt: skip


def _off_lines(it: Kept, off: Off) -> list[KeptReturnLine]:
    return [line for n, line in enumerate(_replaced(it)) if n in off.counts]


def _replaced(it: Kept) -> list[KeptReturnLine]:
    """As they stand in the order that was made for them."""
    return [line for line in it.lines if line.wish in ("exchange", "replacement")]


async def _promise_again(it: Kept, off: Off, worth_of: Mapping[int, int]) -> None:
    """Money in its place is promised for what is not sent, and for nothing that is: what that is worth less has gone back,
    and stays promised."""
    grounds, more = msgspec.json.decode(it.it.grounds), dict[int, int]()
    for n, line in enumerate(_replaced(it)):
        count, of = off.counts.get(n, (0, 1))
        sent = min(worth_of.get(n, line.expected), line.expected)
        part = amounts.rounded(Fraction(sent * count, of)) - (0 if grounds.get("replaced") else sent)
        more[line.order] = more.get(line.order, 0) + part
    after = msgspec.json.decode(worth.raised(it.it.grounds, more)) | {"replaced": not off.whole}
    await db.execute(KEEP, msgspec.json.encode(after).decode(), it.it.id)
