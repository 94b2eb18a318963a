"""How much of what was paid can still be given back: of an order, and of each of its payments.

Everything that has not failed counts, also what is only asked for. What a source refunded names a means of payment and no
payment: it is taken from the payments of that means, in the order they were charged; what is left of it, and what went to
store credit, counts against the whole alone.
"""

from collections.abc import Sequence

from msgspec import Struct

from app import db

UNPAID = ("unpaid", "authorised")
PAYMENTS = 'SELECT id, kind, brand, last_four, amount, reference FROM payments WHERE "order" = {} ORDER BY position, id'
REFUNDS = "SELECT payment, balance, kind, amount, origin FROM refunds WHERE \"order\" = {} AND state <> 'failed' ORDER BY id"


class Payment(Struct, frozen=True, kw_only=True):
    """Columns of `payments`."""

    id: int
    kind: str
    brand: str = ""
    last_four: str = ""
    amount: int | None = None
    reference: str = ""


class Given(Struct, frozen=True, kw_only=True):
    """A refund that has not failed."""

    amount: int
    kind: str = "other"
    payment: int | None = None
    balance: int | None = None
    origin: str = "source"


class Room(Struct, frozen=True, kw_only=True):
    """`left` is what this payment can still take; those of which no share is known (`shared`) have it together."""

    payment: Payment
    left: int
    shared: bool = False


class Bounds(Struct, frozen=True, kw_only=True):
    """In minor units. `left` is never more than `paid` less `given`, whatever the rooms say."""

    paid: int
    given: int
    left: int
    rooms: list[Room]


Piece = tuple[Payment | None, int]  # None: to wherever it came from, which nobody told us


async def of_order(order: int, total: int, payment_state: str) -> Bounds:
    """As it stands; in a transaction that holds the customer's row, it stays so."""
    payments = [Payment(**row) for row in await db.rows(PAYMENTS, order)]
    return reckoned(total, payment_state, payments, [Given(**row) for row in await db.rows(REFUNDS, order)])


def reckoned(total: int, payment_state: str, payments: Sequence[Payment], refunds: Sequence[Given]) -> Bounds:
    paid = _paid(total, payment_state, payments)
    given = sum(max(one.amount, 0) for one in refunds)
    left = max(paid - given, 0)
    taken = _taken(payments, refunds)
    known = sum(max(one.amount or 0, 0) for one in payments)
    shared = max(paid - known, 0) - sum(taken[one.id] for one in payments if one.amount is None)
    rooms = [
        Room(payment=one, shared=True, left=max(min(shared, left), 0)) if one.amount is None
        else Room(payment=one, left=max(min(one.amount - taken[one.id], left), 0))
        for one in payments
    ]  # fmt: skip
    return Bounds(paid=paid, given=given, left=left, rooms=rooms)


def _paid(total: int, payment_state: str, payments: Sequence[Payment]) -> int:
    """What the payments say, where they all do; else what the order cost, or what is known if that is more."""
    if payment_state in UNPAID:
        return 0
    known = sum(max(one.amount or 0, 0) for one in payments)
    told = bool(payments) and all(one.amount is not None for one in payments)
    return known if told else max(total, known, 0)


def _taken(payments: Sequence[Payment], refunds: Sequence[Given]) -> dict[int, int]:
    """By payment; first what names it, then what only names its means."""
    taken = {one.id: 0 for one in payments}
    for refund in refunds:
        if refund.payment in taken:
            taken[refund.payment] += refund.amount
    for refund in refunds:
        if refund.origin == "source" and refund.payment is None:
            _take_by_means(refund, payments, taken)
    return taken


def _take_by_means(refund: Given, payments: Sequence[Payment], taken: dict[int, int]) -> None:
    rest = max(refund.amount, 0)
    for one in payments:
        if one.kind == refund.kind:
            part = rest if one.amount is None else max(min(rest, one.amount - taken[one.id]), 0)
            taken[one.id] += part
            rest -= part


def split(bounds: Bounds, amount: int, only: int | None = None) -> list[Piece]:
    """`amount` over the payments in the order they were charged; `only`: to this payment alone. Less than `amount` comes out
    when it does not fit: the caller has looked at `left` first."""
    pieces: list[Piece] = []
    rest, used = min(amount, bounds.left), 0
    for room in bounds.rooms:
        if only is not None and room.payment.id != only:
            continue
        part = min(rest, room.left - (used if room.shared else 0))
        if part > 0:
            pieces.append((room.payment, part))
            rest, used = rest - part, used + (part if room.shared else 0)
    if rest > 0 and not bounds.rooms:
        pieces.append((None, rest))
    return pieces
