"""What comes back for what somebody asks for, before they ask and when they do: the same lines, rules and amounts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from app import db
from app.errors import Invalid, Missing
from app.i18n import _, voice
from app.returns import asked as asking
from app.returns import cases, holding, rights, standing, words, worth
from app.returns.amounts import Preview, Terms
from app.returns.asked import Asked, AskedLine
from app.returns.cases import Right
from app.returns.ordered import OrderRights
from app.returns.rule_book import THEIR_FAULT, Rules
from app.returns.worth import Promise, Worth

OWNED = """
SELECT l.id AS line, l."order" FROM order_lines l JOIN orders o ON o.id = l."order"
WHERE o.customer = {{}} AND l.id IN ({marks})
"""
MONEY = ("refund", "store_credit")  # what of a wish is money
SENT = ("return", "withdrawal")  # what goes back, and a way for it
AGREED = Right(code="return", open=True, source="shop")
NEEDED = {"withdrawal": "withdrawal", "return": "return", "cancellation": "cancellation"}


class Chosen(Struct, frozen=True):
    """One line that is asked for, with its row, the right it rests on, and what it would bring as money."""

    asked: AskedLine
    row: Mapping[str, Any]
    right: Right
    expected: int = 0


class Quote(Struct, frozen=True):
    """`version` and `rules` are the merchant's newest; amounts go by those of each order. `previews` are by order: of what is
    wanted as money; of a claim all of it, for it may come to that."""

    what: Asked
    merchant: int
    currency: str
    version: int
    rules: Rules
    orders: Mapping[int, Worth]
    chosen: Sequence[Chosen]
    previews: Mapping[int, Preview]

    @property
    def total(self) -> int:
        """What is promised; nothing for a claim that wants no money."""
        if self.what.kind == "claim" and all(line.wish != "refund" for line in self.what.lines):
            return 0
        return sum(preview.total + preview.bonus for preview in self.previews.values())

    @property
    def promises(self) -> list[Promise]:
        return [
            msgspec.convert({"order": order, **msgspec.structs.asdict(preview)}, Promise)
            for order, preview in self.previews.items()
        ]


async def quote(customer: int, what: Asked, at: datetime | None = None, *, judged: bool = True) -> Quote:
    """`at`: when it was said, where that is not now. Not `judged`: the shop has agreed to it already, whatever the rules say.

    Raises Missing for a line that is not theirs, Invalid by field (see `asked.name`)."""
    asking.check(what)
    found = await rights.of_orders(await _orders(customer, what), at=at)
    but = await _giving_way(what, found) if what.kind == "withdrawal" else ()
    return of(what, await worth.of_orders(found, but), found, judged=judged)


async def _giving_way(what: Asked, orders: Collection[int]) -> list[int]:
    """The lines of which more is withdrawn from than is free: what undecided claims hold of them (see `giving_way.py`)."""
    left = await holding.left(orders)
    return [line.line for line in what.lines if left[line.line].free < line.quantity <= left[line.line].withdrawable]


def of(what: Asked, orders: Mapping[int, Worth], found: Mapping[int, OrderRights], *, judged: bool = True) -> Quote:
    """The same of what was read already. Raises Invalid."""
    one = _one_merchant(orders)
    theirs, newest = {number: it.rules for number, it in found.items()}, next(iter(found.values()))
    if judged and what.way and (what.kind not in SENT or what.way not in newest.newest.ways):
        raise Invalid(way=_("The shop does not offer this way."))
    chosen = _chosen(what, orders, standing.by_line(found) if judged else None)
    previews, values = _previews(what, orders, chosen, theirs), _values(what, orders, chosen, theirs)
    priced = [msgspec.structs.replace(it, expected=values[it.asked.line]) for it in chosen]
    return Quote(what, one["merchant"], one["currency"], newest.version, newest.newest, orders, priced, previews)


async def _orders(customer: int, what: Asked) -> set[int]:
    numbers = [line.line for line in what.lines]
    if any(not 0 < number <= db.MOST_ID for number in numbers):
        raise Missing
    found = await db.rows(OWNED.format(marks=db.marks(len(numbers))), customer, *numbers)
    if len(found) < len(numbers):
        raise Missing
    return {row["order"] for row in found}


def _one_merchant(orders: Mapping[int, Worth]) -> Mapping[str, Any]:
    """The row of one of them. Several go together only where one seller pays back in one currency."""
    rows = [it.order for it in orders.values()]
    if len({(row["merchant"], row["currency"]) for row in rows}) > 1:
        raise Invalid(form=_("These are of several sellers or currencies. Send them back one after another."))
    return rows[0]


def _chosen(what: Asked, orders: Mapping[int, Worth], found: Mapping[int, Sequence[Right]] | None) -> list[Chosen]:
    rows = {row["id"]: row for it in orders.values() for row in it.lines}
    left = {number: it.left[number] for it in orders.values() for number in it.left}
    chosen, wrong = [], {}
    for line in what.lines:
        right = AGREED if found is None else right_of(what.kind, line, found[line.line])
        if line.quantity > left[line.line].free:
            wrong[asking.name(line.line, "quantity")] = _few(left[line.line].free)
        elif right is None or not right.open:
            wrong[asking.name(line.line, "reason")] = _refusal(right)
        else:
            chosen.append(Chosen(line, rows[line.line], right))
    if wrong:
        raise Invalid.at(wrong)
    return chosen


def right_of(kind: str, line: AskedLine, found: Sequence[Right]) -> Right | None:
    needed = cases.of_claim(line.reason) if kind == "claim" else (NEEDED[kind],)
    if kind == "return" and line.wish == "exchange":
        needed = ("exchange",)
    them = [right for right in cases.told(found) if right.code in needed]
    return them[0] if them else None


def _few(free: int) -> str:
    if free:
        return _("There are only %(num)d left to choose.") % {"num": free}
    return _("This one is being taken care of already.")


def _previews(
    what: Asked, orders: Mapping[int, Worth], chosen: Sequence[Chosen], theirs: Mapping[int, Rules]
) -> dict[int, Preview]:  # fmt: skip
    """The way back is paid for once. The law's own rights cost nothing, and bring the delivery back with all of an order."""
    found, fee = {}, return_fee(what, chosen, theirs, next(iter(orders.values())).order["currency"])
    for number, it in orders.items():
        own = [one for one in chosen if one.row["order"] == number]
        wanted = {one.asked.line: one.asked.quantity for one in own if one.asked.wish in MONEY or what.kind == "claim"}
        credit = {one.asked.line for one in own if one.asked.wish == "store_credit"}
        terms = Terms(return_fee=fee, bonus=theirs[number].credit_bonus)
        preview = it.preview(wanted, terms, credit, restocking(what, own, theirs[number]))
        found[number], fee = preview, fee - preview.return_fee
    return found


def _values(
    what: Asked, orders: Mapping[int, Worth], chosen: Sequence[Chosen], theirs: Mapping[int, Rules]
) -> dict[int, int]:  # fmt: skip
    """By line; also of what is to be exchanged or repaired."""
    found: dict[int, int] = {}
    for number, it in orders.items():
        own = [one for one in chosen if one.row["order"] == number]
        wanted = {one.asked.line: one.asked.quantity for one in own}
        preview = it.preview(wanted, Terms(), (), restocking(what, own, theirs[number]))
        found |= {back.key: back.amount - back.restocking for back in preview.lines}
    return found


def delivery_stays(quote: Quote) -> bool:
    """Whether something was paid for the delivery that does not come back with this."""
    return any(it.paid.shipping > it.paid.shipping_gone + quote.previews[n].shipping for n, it in quote.orders.items())


def restocking(what: Asked, own: Sequence[Chosen], theirs: Rules) -> dict[int, int]:
    if what.kind != "return":
        return {}
    kept = [one for one in own if one.asked.reason not in THEIR_FAULT]
    return {one.asked.line: theirs.restocking_fee(standing.sold(one.row)) for one in kept}


def _refusal(right: Right | None) -> str:
    return words.why(right, voice()) if right is not None else _("That is not possible for this item.")


def return_fee(what: Asked, chosen: Sequence[Chosen], theirs: Mapping[int, Rules], currency: str) -> int:
    """Who sends it with a carrier of their own pays that one, not us. `theirs` by order: the least of several is asked for."""
    if what.kind in ("claim", "cancellation") or what.way in ("", "own_carrier"):
        return 0
    payers = {theirs[one.row["order"]].payer(one.asked.reason or "changed_mind") for one in chosen}  # type: ignore[arg-type]
    return least_fee(theirs.values(), currency) if payers == {"customer"} else 0


def least_fee(several: Iterable[Rules], currency: str) -> int:
    return min(one.shipping_fee.get(currency, 0) for one in several)
