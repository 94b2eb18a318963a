"""What comes back of a return, from its items to the sum, each line formatted once; top to bottom it adds up."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from app.i18n import Voice, _
from app.returns import doubts, states, worth
from app.returns.kept import Kept
from app.returns.quotes import MONEY


class Amount(Struct, frozen=True):
    label: str
    amount: str
    kind: str = ""


def promised(kept: Kept, voice: Voice, *, desk: bool = False) -> list[Amount]:
    """Nothing of what was let go, nor while only words say what it is about; a desk sees what it would have been."""
    if (kept.it.state in states.LET_GO and not desk) or doubts.of(kept) == "unclear":
        return []
    them = worth.promises(kept.it.grounds)
    if not any(line.wish in MONEY for line in kept.lines) or not any(one.total or one.items for one in them):
        return []
    return summed(them, kept.it.currency, voice, desk=desk)


def summed(them: Sequence[Any], currency: str, voice: Voice, *, desk: bool = False) -> list[Amount]:
    """Of promises or previews."""

    def add(name: str) -> int:
        return sum(getattr(one, name) for one in them)

    parts = [
        (_("Items"), add("items")), (_("Delivery"), add("shipping")), (_("Fees"), add("fees")),
        (_("Rest of what was paid"), add("rest")),
        (_("Kept by the shop for restocking"), -add("restocking")),
        (_("The way back, paid by the customer") if desk else _("The way back, paid by you"), -add("return_fee")),
    ]  # fmt: skip
    listed = [Amount(label, voice.money(amount, currency)) for label, amount in parts if amount]
    total = _("Goes back to the customer") if desk else _("Comes back to you")
    listed.append(Amount(total, voice.money(add("total"), currency), "total"))
    if add("tax"):
        listed.append(Amount(_("Tax in it"), voice.money(add("tax"), currency), "note"))
    if add("credit"):
        listed.append(Amount(_("Of that as store credit"), voice.money(add("credit"), currency), "note"))
    if add("bonus"):
        listed.append(Amount(_("On top, as store credit"), voice.money(add("bonus"), currency), "note"))
    return listed
