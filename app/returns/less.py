"""Less money back than was promised, and no more to come: never without a reason that its customer reads.

Of a withdrawal all of it goes back; what using the goods has cost of their value is kept of those that came, line by line
(Directive 2011/83/EU, Art. 13(1) and 14(2)).
"""

from collections.abc import Mapping
from typing import Protocol

from app import typed
from app.errors import Invalid
from app.i18n import _
from app.returns import owed
from app.returns.kept import Kept


class Keeps(Protocol):
    """Of `settling.Deduction`."""

    @property
    def amount(self) -> int: ...


async def than_promised(it: Kept, amount: int | None, deductions: Mapping[int, Keeps]) -> tuple[int, int]:
    """What would be given back, and how much of what can be given would be kept with the deductions."""
    before = {line.id: line.deduction for line in it.lines}
    possible = await owed.sum_possible(it)
    kept_back = sum(one.amount - before[line] for line, one in deductions.items() if line in before)
    given = max(possible - kept_back, 0) if amount is None else amount
    return given, max(possible - given, 0)


def check(it: Kept, left: int, reason: str) -> None:
    """`left`: what is not given, beyond what is kept of the lines. Raises Invalid(amount=…, reason=…)."""
    if left <= 0:
        return
    if it.it.kind == "withdrawal":
        by_law = _("Of a withdrawal all of it goes back (Directive 2011/83/EU, Art. 13).")
        less = _("What goods that came have lost in value is kept at the item, with its reason; or more is to come later.")
        raise Invalid(amount=f"{by_law} {less}")
    if unfit := typed.wrong_words(reason) if reason.strip() else _("Say why it is less: the customer reads it."):
        raise Invalid(reason=unfit)
