"""Whose payments an order was paid with: its own, and where it was sent in exchange, those of the orders whose goods came back.

An exchange moves no money. What is given back for it goes to where the first order was paid from, and counts there.
"""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from app import db
from app.orders import refunding
from app.orders.refunding import Credit, Wanted
from app.payments import bounds
from app.payments.bounds import Bounds
from app.returns import amounts

# The orders whose goods came back for one that was made here, and what these goods were worth. One that has become another
# customer's since gives nothing: money and credit would be theirs.
FIRST = """
SELECT l."order", o.exchanged, SUM(l.expected) AS amount FROM return_lines l
JOIN returns r ON r.id = l.of_return JOIN orders o ON o.id = r.exchange
JOIN orders first ON first.id = l."order" AND first.customer = o.customer
WHERE r.exchange = {} AND o.exchanged > 0 AND l.wish IN ('exchange', 'replacement')
GROUP BY l."order", o.exchanged ORDER BY l."order"
"""
USED = 'SELECT "order", SUM(amount) AS amount FROM refunds WHERE for_order = {} AND state <> \'failed\' GROUP BY "order"'


class Payer(Struct, frozen=True):
    """`left`: so much can still be given back of what this order (its id) has paid for it; `room`: of all it has paid."""

    order: int
    left: int
    room: int


async def of(order: int) -> list[Payer]:
    """Its own payments first; of what came back no more than was worth what was sent for it. In a transaction that holds the
    customer's row, it stays so."""
    own = (await room(order)).left
    found = [Payer(order, own, own)]
    first = await db.rows(FIRST, order)
    used = {row["order"]: int(row["amount"]) for row in await db.rows(USED, order)} if first else {}
    for row in first:
        for one in await of(row["order"]):
            most = row["exchanged"] - sum(used.values()) - sum(other.left for other in found[1:])
            left = min(one.left, int(row["amount"]) - used.get(one.order, 0), most)
            found.append(Payer(one.order, max(left, 0), one.room))
    return found


NONE: Mapping[int, int] = {}


async def parts(order: int, amount: int, used: Mapping[int, int] = NONE) -> list[Payer]:
    """`amount` over them, in their turn; `left` is then their part. Less comes out where they have no more. `used`: what each
    (its id) is to give for something else."""
    found = []
    for one in await of(order):
        part = max(min(one.left, one.room - used.get(one.order, 0), amount), 0)
        amount -= part
        if part:
            found.append(replace(one, left=part))
    return found


async def possible(order: int, amount: int) -> int:
    """Of that, what can still be given back of an order."""
    return sum(one.left for one in await parts(order, amount))


async def give(order: int, wanted: Wanted, *, by: str) -> None:
    """Asked of the ledger and approved. Raises as `refunding.request`."""
    all_of_it = wanted.amount + (wanted.credit.amount if wanted.credit else 0)
    found = await parts(order, all_of_it)
    if sum(one.left for one in found) < all_of_it or [one.order for one in found] == [order]:
        await refunding.request(order, wanted, by=by, approved=True)  # which says what is wrong
        return
    for one in found:
        part, wanted = _split(wanted, one.left)
        if one.order != order:
            part = replace(part, for_order=order, lines=())  # they are no lines of that one
        await refunding.request(one.order, part, by=by, approved=True)


def _split(wanted: Wanted, amount: int) -> tuple[Wanted, Wanted]:
    """So much of it, money before credit, which brings its part of the bonus; and the rest."""
    money = min(wanted.amount, amount)
    part, rest = replace(wanted, amount=money, credit=None), replace(wanted, amount=wanted.amount - money)
    if wanted.credit and amount > money:
        whole, credit = wanted.credit, amount - money
        bonus = amounts.shares(whole.bonus, [credit, whole.amount - credit])[0]
        left = Credit(amount=whole.amount - credit, bonus=whole.bonus - bonus)
        part = replace(part, credit=replace(whole, amount=credit, bonus=bonus))
        rest = replace(rest, credit=left if left.amount else None)
    return part, rest


async def room(order: int) -> Bounds:
    """Of its own payments."""
    (row,) = await db.rows("SELECT total, payment FROM orders WHERE id = {}", order)
    return await bounds.of_order(order, row["total"], row["payment"])
