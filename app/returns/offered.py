"""What of an order, and of others at the same seller, can be asked for just now: rows, rights, and what is under way."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from app import clock, db, reading
from app.errors import Missing
from app.payments.bounds import UNPAID
from app.returns import asked, cases, holding, kept_terms, ordered, quotes, rights, standing, taking, windows, worth
from app.returns.asked import Asked
from app.returns.cases import Right
from app.returns.guarantees import guarantee, report
from app.returns.holding import Left
from app.returns.ordered import LineRights, OrderRights
from app.returns.quotes import Quote
from app.returns.rule_book import Rules
from app.returns.taking import Taken
from app.returns.worth import Worth

MOST_BESIDE = 5  # other orders that go along
MOST_LOOKED_AT = 12  # of the newest others, for one that has something
LONGEST_ADDRESS = 200
SPARE = 3  # days: they end where the customer is
LONGEST = 37 * 31  # days after a delivery; a guarantee with a repair lasts three years
# The rights that each kind rests on, the usual one first.
CODES = {
    "return": ("return", "exchange"), "claim": ("guarantee", "report", "delivery_claim"), "cancellation": ("cancellation",),
}  # fmt: skip
THESE = {
    "return": (windows.return_, windows.exchange), "claim": (guarantee, report, windows.delivery_claim),
    "cancellation": (windows.cancellation,),
}  # fmt: skip
OTHERS = """
SELECT id, address, number, placed_at, state, fulfilment, carrier_status, delivered_at FROM orders
WHERE customer = {} AND merchant = {} AND currency = {} AND state <> 'cancelled' ORDER BY placed_at DESC, id DESC LIMIT {}
"""


def right_for(kind: str, rights: Sequence[Right]) -> Right:
    """What something of that kind would rest on: an open one where there is one."""
    them = [it for code in CODES[kind] for it in cases.told(rights) if it.code == code]
    return next((it for it in them if it.open), them[0])


class Line(Struct, frozen=True):
    """`row`: of the order's line, see `Worth`. `free`: how many of it are left to be asked for, `withdrawable` to be
    withdrawn from, `taken` where the rest is."""

    row: Mapping[str, Any]
    free: int
    withdrawable: int
    rights: Sequence[Right]
    taken: Sequence[Taken]

    @property
    def id(self) -> int:
        number: int = self.row["id"]
        return number

    def right(self, kind: str) -> Right:
        return right_for(kind, self.rights)

    def answers(self, right: Right) -> bool:
        return right.open and (self.withdrawable if right.code == "withdrawal" else self.free) > 0

    def open(self, kind: str) -> bool:
        return self.free > 0 and self.right(kind).open


class Order(Struct, frozen=True):
    id: int
    address: str
    number: str
    lines: Sequence[Line]
    worth: Worth
    rights: OrderRights

    @property
    def unpaid(self) -> bool:
        """Of one that was sent in exchange its own words say what is covered."""
        order = self.worth.order
        return order["payment"] in UNPAID and not order["exchanged"]


class Offered(Struct, frozen=True):
    """`orders`: the one that it is about, then those that go along, as they were named."""

    merchant: int
    shop: str
    currency: str
    orders: Sequence[Order]

    @property
    def newest(self) -> Rules:
        """The seller's rules of this moment."""
        return self.order.rights.newest

    @property
    def rules(self) -> dict[int, Rules]:
        """By which each of the orders goes, by its id."""
        return {order.id: order.rights.rules for order in self.orders}

    @property
    def order(self) -> Order:
        return self.orders[0]

    @property
    def abroad(self) -> bool:
        """Whether no law is known by which a claim is made."""
        return any(right.code == "report" for line in self.order.lines for right in line.rights)

    @property
    def lines(self) -> dict[int, Line]:
        return {line.id: line for order in self.orders for line in order.lines}


async def of_orders(customer: int, address: str, beside: Sequence[str] = ()) -> Offered:
    """Raises Missing where one is not theirs, or another seller's."""
    named = list(dict.fromkeys((address, *beside)))[: MOST_BESIDE + 1]
    if any(len(it) > LONGEST_ADDRESS or "\0" in it for it in named):
        raise Missing
    known = await rights.owned_by(customer, named)
    if len({it.merchant for it in known.values()}) > 1:
        raise Missing
    worths, ways = await worth.of_orders(known), await taking.of_orders(customer, list(known))
    orders = {it.order.address: _order(worths[number], it, ways) for number, it in known.items()}
    first = orders[address].rights
    return Offered(first.merchant, first.order.merchant_name, first.order.currency, [orders[one] for one in named])


async def others(customer: int, it: Offered, kind: str) -> list[tuple[str, str, datetime]]:
    """Address, number and day of their newest other orders at this seller that have something for this kind."""
    found = await db.rows(OTHERS, customer, it.merchant, it.currency, MOST_LOOKED_AT)
    known, longest = {order.id for order in it.orders}, await _longest(kind, [row["id"] for row in found])
    rows = {row["id"]: row for row in found if row["id"] not in known and not _over(row, kind, longest)}
    left, theirs = await holding.left(rows), await rights.of_orders(rows, of=THESE[kind])
    having = [row for number, row in rows.items() if any(_open(it, left, kind) for it in theirs[number].lines)]
    return [(row["address"], row["number"], row["placed_at"]) for row in having]


def _open(it: LineRights, left: Mapping[int, Left], kind: str) -> bool:
    return left[it.item.id].free > 0 and right_for(kind, it.rights).open


async def _longest(kind: str, orders: Sequence[int]) -> int:
    """So many days after its delivery at most something of one of these orders can be asked for."""
    if kind != "return" or not orders:
        return LONGEST
    (terms,) = await reading.together((kept_terms.PARTS[0].of(db.marks(len(orders))),), *orders)
    return max(ordered.read(text).longest for one in terms for text in (one.rules, one.then)) + SPARE


def _over(row: Mapping[str, Any], kind: str, longest: int) -> bool:
    """Where the order's own row tells that there is nothing to be asked for, nothing more is read of it."""
    if kind == "cancellation":
        return row["state"] != "open" or row["fulfilment"] in ordered.ALL_SENT
    there = row["fulfilment"] == row["carrier_status"] == "delivered"  # all that was sent
    return there and row["delivered_at"] is not None and row["delivered_at"] < clock.now() - timedelta(days=longest)


def quote(it: Offered, what: Asked) -> Quote:
    """What would come back, by what is known of these orders: the newest first, as when it is asked for, since the first one
    bears the way back. Raises Invalid."""
    asked.check(what)
    wanted = {line.line for line in what.lines}
    orders = [order for order in it.orders if any(line.id in wanted for line in order.lines)]
    orders.sort(key=lambda one: (one.worth.order["placed_at"], one.id), reverse=True)
    return quotes.of(what, {one.id: one.worth for one in orders}, {one.id: one.rights for one in orders})


def _order(it: Worth, known: OrderRights, ways: Mapping[int, Sequence[Taken]]) -> Order:
    there = standing.by_line({it.order["id"]: known})
    lines = [
        Line(row, left.free, left.withdrawable, there[left.line], ways.get(left.line, ()))
        for row in it.lines
        if (left := it.left[row["id"]])
    ]
    return Order(it.order["id"], it.order["address"], it.order["number"], lines, it, known)
