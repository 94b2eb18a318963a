"""What of the promises of a return is still to be given back, order by order, and what of that can be."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from app import db
from app.returns import amounts, payers, worth
from app.returns.kept import Kept
from app.returns.payers import Payer
from app.returns.worth import Promise

# What has failed is tried again where it failed (`refunding.again`): it is not asked for a second time here.
GIVEN = """
SELECT COALESCE(for_order, "order") AS of_order, SUM(amount) AS amount, SUM(bonus) AS bonus,
  SUM(CASE WHEN state = 'failed' THEN 0 ELSE amount END) AS standing,
  SUM(CASE WHEN payment IS NULL AND balance IS NOT NULL THEN amount ELSE 0 END) AS credit
FROM refunds f WHERE of_return = {} AND (state <> 'failed' OR NOT EXISTS (SELECT 1 FROM refunds a WHERE a.again_of = f.id))
GROUP BY COALESCE(for_order, "order")
"""


class Share(Struct, frozen=True):
    """Of one order: what is still to be given back as money and as credit, and the bonus that comes with the credit."""

    order: int
    money: int
    credit: int
    bonus: int

    @property
    def total(self) -> int:
        return self.money + self.credit

    def part(self, most: int) -> "Share":
        """So much of it: money before credit, which brings its part of the bonus; the last part all that is left of that."""
        money = min(self.money, most)
        credit = min(self.credit, most - money)
        return Share(self.order, money, credit, _bonus(self.bonus, credit, self.credit))


async def left(it: Kept) -> list[Share]:
    """What of its promises has not been asked of the ledger yet; what is kept of the lines is taken off the money first. What a
    shop gave for one order beyond its promise, it gave for the others; so it did with one that was to be the exchange."""
    given = {row["of_order"]: row for row in await db.rows(GIVEN, it.it.id)}
    kept_back: dict[int, int] = {}
    for line in it.lines:
        kept_back[line.order] = kept_back.get(line.order, 0) + line.deduction
    promises = worth.promises(it.it.grounds)
    found, over = [], sum(int(given[order]["standing"]) for order in given.keys() - {one.order for one in promises})
    for one in promises:
        found.append(_share(one, given.get(one.order), kept_back.get(one.order, 0)))
        over += max(int(given[one.order]["standing"]) + kept_back.get(one.order, 0) - one.total, 0) if one.order in given else 0
    return _less(found, over)


def _less(shares: Sequence[Share], over: int) -> list[Share]:
    found = []
    for share in shares:
        part = min(over, share.total)
        found.append(share.part(share.total - part))
        over -= part
    return found


def _share(one: Promise, given: Mapping[str, int] | None, kept_back: int) -> Share:
    """What is kept of credit takes its part of the bonus along."""
    credit_given, bonus_given, all_given = (int(given[it]) for it in ("credit", "bonus", "amount")) if given else (0, 0, 0)
    credit = min(one.credit, max(one.total - kept_back, 0))
    money = max(one.total - one.credit - kept_back, 0)
    left, bonus = max(credit - credit_given, 0), _bonus(one.bonus, credit, one.credit) - bonus_given
    return Share(one.order, max(money - (all_given - credit_given), 0), left, max(bonus, 0) if left else 0)


def _bonus(bonus: int, credit: int, of: int) -> int:
    return amounts.shares(bonus, [credit, of - credit])[0]


async def possible(shares: Sequence[Share]) -> list[tuple[Share, list[Payer]]]:
    """As far as the orders were paid and the shop has not given it back by itself; with those whose payments are given back.
    What is given for one share is not there for the next."""
    found, used = [], dict[int, int]()
    for share in shares:
        parts = await payers.parts(share.order, share.total, used)
        for one in parts:
            used[one.order] = used.get(one.order, 0) + one.left
        found.append((share.part(sum(one.left for one in parts)), parts))
    return found


async def sum_possible(it: Kept) -> int:
    """Of all its orders, in minor units."""
    return sum(share.total for share, _payers in await possible(await left(it)))


async def missing(it: Kept) -> int:
    """What of all that was promised and is not kept has neither been given back nor is decided, also where it has failed. Below
    zero: so much was given beyond it."""
    standing = sum(int(row["standing"]) for row in await db.rows(GIVEN, it.it.id))
    kept_back = sum(line.deduction for line in it.lines)
    return max(sum(one.total for one in worth.promises(it.it.grounds)) - kept_back, 0) - standing
