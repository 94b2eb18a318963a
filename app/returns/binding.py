"""The rules that an order goes by. What was promised when it was placed holds; what has become better for its customer since
counts, too: point by point, of windows, exclusions, fees, who bears the way back, the bonus, for whom there is a withdrawal.

An order that is older than the first version goes by that one: it is the first that anybody could read. How the shop deals with
returns today (what it approves at once, by which ways and to where they come, how long it takes) stands in the newest version
alone. Whether customers were told of their withdrawal is a fact of the order's day, which no newer version changes for it; but
the day since which they are told, where the shop names one (Directive 2011/83/EU, Art. 10(2)).
"""

from msgspec.structs import asdict

from app.returns.exemptions import EXEMPTIONS
from app.returns.rule_book import Payer, Reason, Rules, Sold

NARROWEST = ("off", "eu", "on")  # for whom there is a withdrawal


class Binding(Rules, frozen=True, kw_only=True):
    """The newest version, with what the one of the order's day promised beyond it."""

    then: Rules

    def days(self, sold: Sold) -> int:
        return max(Rules.days(self, sold), self.then.days(sold))

    def excluded(self, sold: Sold) -> str:
        return min(self.then.excluded(sold), Rules.excluded(self, sold), key=_weight)

    def restocking_fee(self, sold: Sold) -> int:
        return min(Rules.restocking_fee(self, sold), self.then.restocking_fee(sold))

    def payer(self, reason: Reason) -> Payer:
        return "merchant" if "merchant" in (Rules.payer(self, reason), self.then.payer(reason)) else "customer"


def of(now: Rules, then: Rules, usual: str) -> Rules:
    """`usual`: for whom there is a withdrawal where rules do not say."""
    if now == then:
        return now
    fees = {it: min(fee, then.shipping_fee.get(it, 0)) for it, fee in now.shipping_fee.items()}
    widest = max((it.withdrawal or usual for it in (then, now)), key=NARROWEST.index)
    better = {"shipping_fee": fees, "credit_bonus": max(now.credit_bonus, then.credit_bonus), "withdrawal": widest}
    told = now if now.informed == "since" else then
    informed = {"informed": told.informed, "informed_since": told.informed_since}
    return Binding(**{**asdict(now), **better, **informed}, then=then)


def _weight(reason: str) -> int:
    """How much an exclusion takes away: nothing, a right that ends with something done, all of it."""
    return 0 if not reason else 1 if reason in EXEMPTIONS and EXEMPTIONS[reason].once else 2
