"""What comes back for what is sent back, to the cent. Integers in minor units; shares are rounded so that together they make
the whole, whatever the order in which they are asked for, in a currency of no, two or three decimals.

A price is what was paid for the line, its own and the order's discount taken off and tax in. Shipping: whoever gives everything
back has the delivery paid back too (Directive 2011/83/EU, Art. 13(1)), but not what a faster one cost more (Art. 13(2)); for
a part of the order the law asks for none of it (Court of Justice, C-511/08, is about the whole contract). Fees come back so,
and the rest of an order whose total is more than its parts: it was paid, and nobody says for what (rounding, a tip, a line that
its source left out), so it goes with the last of the items. A total that is less is a discount on all of them.
"""

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

BASIS_POINTS = 10_000
ShippingBack = Literal["all", "share", "none"]


class Bought(Struct, frozen=True):
    """A line of the order as its price goes. `total` and `tax` are for all of `quantity`, tax in. `gone` of them are cancelled,
    paid back or asked for already, for `gone_amount` (None: their plain share). `restocking`: basis points the shop keeps.
    `reduced`: what of `total` went back while the goods stayed (Directive (EU) 2019/771, Art. 15). `asked`: how many of those
    that are gone are only asked for, and may stay."""

    key: int
    quantity: int
    total: int
    tax: int = 0
    gone: int = 0
    gone_amount: int | None = None
    restocking: int = 0
    reduced: int = 0
    asked: int = 0


class Paid(Struct, frozen=True):
    """The order's other amounts, tax in. `standard_shipping`: what the cheapest delivery would have cost, where that is known.
    `rest`: what was paid beyond all that is named. `shipping_gone`, `fees_gone` and `rest_gone` were given back before."""

    discount: int = 0
    shipping: int = 0
    standard_shipping: int | None = None
    shipping_gone: int = 0
    fees: int = 0
    fees_gone: int = 0
    rest: int = 0
    rest_gone: int = 0

    @property
    def beside(self) -> tuple[int, int, int]:
        """What was paid beside the items, and comes back with all of them: delivery, fees, rest."""
        standard = self.shipping if self.standard_shipping is None else min(self.shipping, self.standard_shipping)
        return standard, self.fees, self.rest

    @property
    def left(self) -> tuple[int, int, int]:
        """What of that was not given back before."""
        shipping, fees, rest = self.beside
        return max(shipping - self.shipping_gone, 0), max(fees - self.fees_gone, 0), max(rest - self.rest_gone, 0)

    @property
    def over(self) -> tuple[int, int, int]:
        """What of that was given back twice."""
        shipping, fees, rest = self.beside
        return max(self.shipping_gone - shipping, 0), max(self.fees_gone - fees, 0), max(self.rest_gone - rest, 0)


class Terms(Struct, frozen=True):
    """What the shop's rules add for a return that the law does not ask for; nothing of it touches a withdrawal or a claim."""

    shipping_back: ShippingBack = "all"
    return_fee: int = 0  # for the way back, once
    bonus: int = 0  # basis points on top for store credit


class Back(Struct, frozen=True):
    """What comes back for one line, before the shop keeps its `restocking`; `tax` is the part of `amount` that is tax, for
    information."""

    key: int
    quantity: int
    amount: int
    tax: int
    restocking: int = 0


class Sums(Struct, frozen=True):
    """Of what comes back, before anything is kept."""

    items: int
    shipping: int
    fees: int
    rest: int


class Preview(Struct, frozen=True):
    """`total` = items + shipping + fees + rest − restocking − return_fee, never below nothing; `credit` is what of it is store
    credit. `bonus` comes on top of that. `delivery_then`: what comes as well once all that is asked for is agreed to."""

    lines: list[Back]
    items: int = 0
    tax: int = 0
    shipping: int = 0
    fees: int = 0
    rest: int = 0
    restocking: int = 0
    return_fee: int = 0
    total: int = 0
    credit: int = 0
    bonus: int = 0
    delivery_then: int = 0


def preview(
    lines: Sequence[Bought], wanted: Mapping[int, int], paid: Paid, terms: Terms, credit: Collection[int] = ()
) -> Preview:
    """`wanted`: key → quantity, each within what is left of its line. `credit`: keys of what is wanted as store credit; who
    wants all of it so has the delivery paid back so, too."""
    prices = _less_discount(lines, paid.discount)
    backs = [_back(line, prices[line.key], wanted[line.key]) for line in lines if wanted.get(line.key)]
    items = sum(back.amount for back in backs)
    last = bool(backs) and all(line.quantity - line.gone - wanted.get(line.key, 0) <= 0 for line in lines)
    whole = last and not any(line.asked for line in lines)
    shipping = _shipping(paid, terms, items, sum(prices.values()), whole=whole)
    _delivery, fees, rest = paid.left if whole else (0, 0, 0)
    then = _shipping(paid, terms, items, sum(prices.values()), whole=True) - shipping if last else 0
    return replace(totals(backs, Sums(items, shipping, fees, rest), terms, credit), delivery_then=then)


def totals(backs: list[Back], sums: Sums, terms: Terms, credit: Collection[int] = ()) -> Preview:
    """What the shop keeps of it taken off, and its bonus."""
    restocking = sum(back.restocking for back in backs)
    before = sums.items + sums.shipping + sums.fees + sums.rest - restocking
    return_fee = min(terms.return_fee, before)
    total = before - return_fee
    as_credit = [back.amount - back.restocking for back in backs if back.key in credit]
    credited = total if len(as_credit) == len(backs) else min(sum(as_credit), total)
    tax = sum(back.tax for back in backs)
    more = bonus(credited, terms.bonus)
    return Preview(backs, sums.items, tax, sums.shipping, sums.fees, sums.rest, restocking, return_fee, total, credited, more)


def bonus(credit: int, basis_points: int) -> int:
    return rounded(Fraction(credit * basis_points, BASIS_POINTS))


def shares(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` in parts as the weights are, adding up to it exactly: the largest remainders get the last cents."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    exact = [Fraction(amount * weight, whole) for weight in weights]
    found = [int(part // 1) for part in exact]
    order = sorted(range(len(weights)), key=lambda n: (found[n] - exact[n], n))
    for n in order[: amount - sum(found)]:
        found[n] += 1
    return found


def rounded(amount: Fraction) -> int:
    """To the nearest minor unit, half away from nothing: as shops and tax offices do."""
    return int(amount + Fraction(1, 2)) if amount >= 0 else -int(-amount + Fraction(1, 2))


def part(total: int, quantity: int, gone: int, gone_amount: int | None, count: int) -> int:
    """Of a line's `total` what falls to `count` more of it: the last one takes all that is left."""
    left = quantity - gone
    if gone_amount is None:
        gone_amount = rounded(Fraction(total * gone, quantity))
    return rounded(Fraction((total - gone_amount) * count, left)) if left > 0 else 0


def _less_discount(lines: Sequence[Bought], discount: int) -> dict[int, int]:
    off = shares(discount, [max(line.total, 0) for line in lines])
    return {line.key: max(line.total - less - line.reduced, 0) for line, less in zip(lines, off, strict=True)}


def _back(line: Bought, price: int, count: int) -> Back:
    amount = max(part(price, line.quantity, line.gone, line.gone_amount, count), 0)
    tax = rounded(Fraction(line.tax * amount, line.total)) if line.total else 0
    return Back(line.key, count, amount, tax, rounded(Fraction(amount * line.restocking, BASIS_POINTS)))


def _shipping(paid: Paid, terms: Terms, items: int, all_items: int, *, whole: bool) -> int:
    due, left = paid.beside[0], paid.left[0]
    if terms.shipping_back == "share" and not whole:
        return min(rounded(Fraction(due * items, all_items)), left) if all_items > 0 else 0
    return left if whole and terms.shipping_back != "none" else 0
