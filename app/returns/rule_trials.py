"""What other rules would have made of a merchant's newest returns, against what its rules of those days made of them: as
if they had been its rules when the orders were placed, too.

Prices do not depend on rules: what was promised for the items is taken as it was, what the shop keeps of it is told anew.
Claims and cancellations are the law's and what was not sent; no rule changes them.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from app.returns import amounts, asking, binding, ordered, past, quotes, worth
from app.returns.amounts import BASIS_POINTS, Back, Preview, Sums, Terms, rounded
from app.returns.asked import Asked, AskedLine
from app.returns.cases import Right
from app.returns.past import Past, PastLine, PastReturn
from app.returns.quotes import MONEY, Chosen, Quote
from app.returns.rights import Rows
from app.returns.rule_book import Rules
from app.returns.worth import Promise

RULED = ("return", "withdrawal")


class Outcome(Struct, frozen=True):
    """`why` it cannot be asked for, of `Right`, else an empty text; whether it is approved `at_once`. Minor units: what the way
    back costs (`fee`), what is kept of the items (`restocking`), what comes `back`, the bonus with it."""

    why: str
    at_once: bool
    fee: int
    restocking: int
    back: int


class Tried(Struct, frozen=True):
    it: PastReturn
    before: Outcome
    after: Outcome

    @property
    def differs(self) -> bool:
        return self.before != self.after


async def of_merchant(merchant: int, theirs: Rules) -> list[Tried]:
    """Newest first."""
    return tried(await past.of_merchant(merchant), theirs)


def tried(found: Past, theirs: Rules) -> list[Tried]:
    return [_tried(it, found.lines.get(it.id, []), found.orders, theirs) for it in found.returns]


def _tried(it: PastReturn, lines: Sequence[PastLine], orders: Mapping[int, Rows], theirs: Rules) -> Tried:
    was = _was(it, lines)
    if it.kind not in RULED or not lines:
        return Tried(it, was, was)
    own = {number: orders[number] for number in {line.order for line in lines} & orders.keys()}
    former = {number: _former(it, one) for number, one in own.items()}
    why = _why(it, lines, own, dict.fromkeys(own, theirs))
    if why and not _why(it, lines, own, former):  # else what is known has changed since, not the rules
        return Tried(it, was, Outcome(why, False, 0, 0, 0))
    quote = _quote(it, lines, theirs, former)
    fee, kept = (sum(getattr(one, name) for one in quote.previews.values()) for name in ("return_fee", "restocking"))
    at_once = it.kind == "return" and asking.agreed_by_rules(quote)
    return Tried(it, was, Outcome("", at_once, fee, kept, quote.total))


def _was(it: PastReturn, lines: Sequence[PastLine]) -> Outcome:
    promises = worth.promises(it.grounds)
    money = it.kind != "claim" or any(line.wish == "refund" for line in lines)
    return Outcome(
        "",
        it.decided_by == "rules",
        sum(one.return_fee for one in promises),
        sum(one.restocking for one in promises),
        sum(one.total + one.bonus for one in promises) if money else 0,
    )


def _former(it: PastReturn, order: Rows) -> Rules:
    """By which it went: those of the day on which it was asked for, and of the day on which that order was placed."""
    return binding.of(ordered.read(it.kept_rules), ordered.read(order.terms.then), ordered.WITHDRAWING)


def _why(it: PastReturn, lines: Sequence[PastLine], orders: Mapping[int, Rows], by: Mapping[int, Rules]) -> str:
    """Why one of its lines could not have been asked for."""
    found: dict[int, list[Right]] = {}
    for number, order in orders.items():
        found |= _rights(order, by[number], it)
    asked = [(AskedLine(line.line, line.quantity, line.reason, line.wish), found.get(line.line)) for line in lines]
    rights = [quotes.right_of(it.kind, line, there) for line, there in asked if there is not None]
    return next((right.why for right in rights if right is not None and not right.open), "")


def _rights(order: Rows, by: Rules, it: PastReturn) -> dict[int, list[Right]]:
    """Of its lines, on the day on which it was asked for: nothing had gone back yet."""
    closed = order.terms.closed_at if order.terms.closed_at and order.terms.closed_at <= it.created_at else None
    terms = replace(order.terms, state="closed" if closed else "open", closed_at=closed)
    whole = [replace(line, cancelled_quantity=0, refunded_quantity=0) for line in order.lines]
    found = ordered.rights(order.order, whole, order.parcels, order.contents, terms, (), it.created_at, by)
    return {line.item.id: line.rights for line in found.lines}


def _quote(it: PastReturn, lines: Sequence[PastLine], theirs: Rules, former: Mapping[int, Rules]) -> Quote:
    what = Asked(it.kind, [AskedLine(line.line, line.quantity, line.reason, line.wish) for line in lines], it.way)
    chosen = [_chosen(*both) for both in zip(what.lines, lines, strict=True)]
    promises, usual = worth.promises(it.grounds), ordered.read(it.kept_rules)
    fee, previews = quotes.return_fee(what, chosen, dict.fromkeys({line.order for line in lines}, theirs), it.currency), {}
    for promise in promises:
        own = [one for one in chosen if one.row["order"] == promise.order and one.asked.wish in MONEY]
        terms = Terms(return_fee=fee, bonus=theirs.credit_bonus)
        preview = _preview(promise, _items(what, own, promise, theirs, former.get(promise.order, usual)), terms, own)
        previews[promise.order], fee = preview, fee - preview.return_fee
    return Quote(what, 0, it.currency, 0, theirs, {}, chosen, previews)


def _chosen(asked: AskedLine, line: PastLine) -> Chosen:
    row = {
        "id": line.line, "order": line.order, "quantity": line.quantity, "category": line.category, "title": line.title,
        "sku": line.sku,
    }  # fmt: skip
    return Chosen(asked, row, Right(code="return", open=True, source="shop"), line.expected)


def _items(what: Asked, own: Sequence[Chosen], promise: Promise, theirs: Rules, former: Rules) -> list[Back]:
    kept, whole = quotes.restocking(what, own, theirs), _whole(what, own, promise, former)
    return [
        Back(it.line, it.quantity, amount, 0, rounded(Fraction(amount * kept.get(it.line, 0), BASIS_POINTS)))
        for it, amount in zip((one.asked for one in own), whole, strict=True)
    ]


def _whole(what: Asked, own: Sequence[Chosen], promise: Promise, former: Rules) -> list[int]:
    """Of each line, before anything was kept of it; where something was, what of the items' sum is left to such lines."""
    kept = quotes.restocking(what, own, former) if promise.restocking else {}
    some = [one for one in own if kept.get(one.asked.line)]
    rest = promise.items - sum(one.expected for one in own if one not in some)
    weights = [one.expected * BASIS_POINTS // max(BASIS_POINTS - kept[one.asked.line], 1) for one in some]
    parts = iter(amounts.shares(max(rest, 0), weights if any(weights) else [1] * len(some)))
    return [next(parts) if one in some else one.expected for one in own]


def _preview(promise: Promise, backs: list[Back], terms: Terms, own: Sequence[Chosen]) -> Preview:
    credit = [one.asked.line for one in own if one.asked.wish == "store_credit"]
    return amounts.totals(backs, Sums(promise.items, promise.shipping, promise.fees, promise.rest), terms, credit)
