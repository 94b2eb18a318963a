"""What is known of orders when something of them comes back: their lines as they were paid for, and what was promised."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from app import db
from app.returns import covered, holding
from app.returns.amounts import Bought, Paid, Preview, Terms, preview, shares
from app.returns.holding import Left
from app.returns.ordered import OrderRights

# What returns that hold something of an order have promised for it.
PROMISED = """
SELECT grounds FROM returns r WHERE id IN (SELECT of_return FROM return_lines WHERE "order" IN ({marks}) AND held > 0)
"""
GIVING_WAY = (
    f"AND NOT ({holding.UNDECIDED} AND id IN (SELECT of_return FROM return_lines WHERE line IN ({{marks}}) AND held > 0))"  # noqa: S608
)

# What was given for claims whose goods were then repaired or replaced: nothing of them is held any more. One that is being
# promised anew holds nothing for that moment, and is not over.
REDUCED = """
SELECT l.of_return, l."order", l.line, l.expected, SUM(f.amount) AS given FROM return_lines l
JOIN returns r ON r.id = l.of_return
JOIN refunds f ON f.of_return = r.id AND f.state <> 'failed' AND COALESCE(f.for_order, f."order") = l."order"
WHERE l."order" IN ({marks}) AND l.held = 0 AND r.kind = 'claim' AND r.refunded > 0
  AND NOT (r.state IN ('open', 'approved') AND r.exchange IS NULL)
GROUP BY l.of_return, l."order", l.line, l.expected ORDER BY l.of_return, l."order", l.line
"""

NOTHING = covered.NOTHING


class Worth(Struct, frozen=True):
    """One order: its own row (see `KeptOrder`, and its merchant's id), its lines' (see `KeptLine`, and the order's id), how
    many of each are left, and its amounts. By a line's id: `unpaid`, what of it was asked for and not paid yet (see
    `covered.py`); `reduced`, what of its price went back while the goods stayed."""

    order: Mapping[str, Any]
    lines: Sequence[Mapping[str, Any]]
    left: Mapping[int, Left]
    paid: Paid
    unpaid: Mapping[int, int] = NOTHING
    reduced: Mapping[int, int] = NOTHING

    @property
    def agreed(self) -> bool:
        """Whether nothing of it stays with its customer."""
        return self.all_gone_with({})

    def all_gone_with(self, asked: Mapping[int, int]) -> bool:
        """If so many (by the lines' ids) of what is only asked for are agreed to."""
        return all(
            it.quantity <= it.gone - max(it.asked - asked.get(it.line, 0), 0)
            for it in (self.left[line["id"]] for line in self.lines)
        )

    def preview(
        self, wanted: Mapping[int, int], terms: Terms, credit: Collection[int] = (), restocking: Mapping[int, int] = NOTHING
    ) -> Preview:  # fmt: skip
        """By the lines' ids; `restocking` in basis points."""
        bought = [self._bought(line, restocking.get(line["id"], 0)) for line in self.lines]
        return preview(bought, wanted, self.paid, terms, credit)

    def _bought(self, line: Mapping[str, Any], restocking: int) -> Bought:
        """What sources took back has its plain share; what ours were promised, just that."""
        left, quantity = self.left[line["id"]], line["quantity"]
        plain = max(left.gone - left.held, 0)
        total, gone = line["total"] - self.unpaid.get(line["id"], 0), covered.called_off(self.order, line)
        amount = line["total"] * plain // quantity + left.amount if left.held and quantity > 0 else None
        if gone:
            amount = gone + left.amount
        reduced = self.reduced.get(line["id"], 0)
        return Bought(line["id"], max(quantity, 0), total, line["tax"], left.gone, amount, restocking, reduced, left.asked)


class Promise(Struct, frozen=True):
    """What a return keeps of its preview, an order each; see `Return.grounds`."""

    order: int
    items: int
    tax: int
    shipping: int
    fees: int
    restocking: int
    return_fee: int
    total: int
    credit: int
    bonus: int
    rest: int = 0


async def of_orders(known: Mapping[int, OrderRights], but: Collection[int] = ()) -> dict[int, Worth]:
    """By id, the newest order first; inside the transaction that holds, with the customer's row locked, nobody changes it.
    `but`: lines of which undecided claims give way, see `holding.left`."""
    if not known:
        return {}
    left, before, reduced = await holding.left(known, but), await _promised(list(known), but), await _reduced(list(known))
    newest = sorted(known.values(), key=lambda it: (it.order.placed_at, it.order.id), reverse=True)
    return {it.order.id: _of(it, left, [one for one in before if one.order == it.order.id], reduced) for it in newest}


async def _reduced(orders: Sequence[int]) -> dict[int, int]:
    """By the line's id; a claim's money over its lines of an order, as they were worth."""
    found, claims = dict[int, int](), dict[tuple[int, int], list[db.Row]]()
    for row in await db.rows(REDUCED.format(marks=db.marks(len(orders))), *orders):
        claims.setdefault((row["of_return"], row["order"]), []).append(row)
    for rows in claims.values():
        parts = shares(int(rows[0]["given"]), [max(row["expected"], 1) for row in rows])
        for row, part in zip(rows, parts, strict=True):
            found[row["line"]] = found.get(row["line"], 0) + part
    return found


def _of(known: OrderRights, left: Mapping[int, Left], before: Sequence[Promise], reduced: Mapping[int, int]) -> Worth:
    order = {**asdict(known.order), "merchant": known.merchant}
    lines = [{**asdict(it.line), "order": known.order.id} for it in known.lines]
    return Worth(order, lines, left, _paid(order, before), covered.unpaid(order, lines), reduced)


def _paid(row: Mapping[str, Any], before: Sequence[Promise]) -> Paid:
    """A total that is less than its parts is a discount that the source did not name; of one that is more the rest was paid,
    too. What came back for an exchange is no discount: it was paid."""
    shipping = row["shipping"] + (0 if row["prices_include_tax"] else row["shipping_tax"])
    return Paid(
        discount=row["discount"] - row["exchanged"] + max(-row["difference"], 0),
        shipping=shipping,
        shipping_gone=sum(promise.shipping for promise in before),
        fees=sum(fee["amount"] for fee in msgspec.json.decode(row["fees"])),
        fees_gone=sum(promise.fees for promise in before),
        rest=max(row["difference"], 0),
        rest_gone=sum(promise.rest for promise in before),
    )


async def _promised(orders: Sequence[int], but: Collection[int]) -> list[Promise]:
    sql = PROMISED.format(marks=db.marks(len(orders)))
    if but:
        sql += GIVING_WAY.format(marks=db.marks(len(but)))
    found = await db.rows(sql, *orders, *but)
    return [promise for row in found for promise in promises(row["grounds"])]


def promises(grounds: str) -> list[Promise]:
    return msgspec.convert(msgspec.json.decode(grounds).get("promises", []), list[Promise])


def raised(grounds: str, more: Mapping[int, int]) -> str:
    """The same with so much more of an order's items promised as money."""
    found = msgspec.json.decode(grounds)
    for promise in found["promises"]:
        for name in ("items", "total"):
            promise[name] += more.get(promise["order"], 0)
    return msgspec.json.encode(found).decode()
