"""Who takes something back: a carrier of its customer's choice, or the one whose codes and labels the shop gives out."""

from app.returns import rules
from app.returns.kept import Kept
from app.shipments import back

SHOPS = ("drop_off", "label", "pick_up")  # ways for which the carrier is the shop's


def chosen(it: Kept) -> bool:
    """By its customer, who alone can say whom."""
    return it.it.way not in SHOPS


async def named(it: Kept) -> str:
    """The shop's carrier for it: of the label that was bought, else as its rules say today. Empty where neither tells, and
    where its customer chooses."""
    if chosen(it):
        return ""
    known = await back.way(it.it.id)
    if known is not None and known.carrier:
        return known.carrier
    _version, theirs = await rules.of(it.it.merchant)
    return theirs.carrier
