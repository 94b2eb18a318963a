"""What comes back of a return, from its items to the sum, each line formatted once; top to bottom it adds up."""

from collections.abc import Sequence
from typing import Any

import msgspec
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
    return summed(them, kept.it.currency, voice, desk=desk) + _given(kept, sum(one.total + one.bonus for one in them), voice)


def delivery_then(them: Sequence[Any], currency: str, voice: Voice) -> str:
    """Of previews: what comes on top once all that is asked for already is agreed to; empty where that is nothing."""
    said = {"amount": voice.money(amount := sum(one.delivery_then for one in them), currency)}
    return _("The delivery of %(amount)s comes back too if the rest of what you ask for is agreed to.") % said if amount else ""


def with_the_last(kept: Kept, voice: Voice) -> str:
    """Of a delivery that was promised after it was asked for, when the last of its order was agreed to."""
    delivery = sum(one.shipping for one in worth.promises(kept.it.grounds))
    if not delivery or not msgspec.json.decode(kept.it.grounds).get("with_the_last"):
        return ""
    said = {"amount": voice.money(delivery, kept.it.currency)}
    return _("The delivery of %(amount)s comes back too, now that everything goes back.") % said


def _given(kept: Kept, promised: int, voice: Voice) -> list[Amount]:
    """What was given back where that is less than was promised, and why; a refund that has failed is told beside."""
    it, kept_back = kept.it, sum(line.deduction for line in kept.lines)
    short = promised - it.refunded
    if it.settled_at is None or it.state not in states.GIVEN or it.money == "failed" or short <= 0:
        return []
    parts = [
        (_("Kept by the seller, with the reason at the item"), min(kept_back, short)),
        (_("Not given back: kept as told, gone back already, or never paid"), short - min(kept_back, short)),
    ]  # fmt: skip
    rows = [Amount(label, voice.money(-amount, it.currency)) for label, amount in parts if amount]
    return [*rows, Amount(_("Given back"), voice.money(it.refunded, it.currency), "total")]


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
        only_items = add("total") == add("items")
        listed.append(
            Amount(_("Tax in it") if only_items else _("Tax in the items"), voice.money(add("tax"), currency), "note")
        )
    if add("credit"):
        listed.append(Amount(_("Of that as store credit"), voice.money(add("credit"), currency), "note"))
    if add("bonus"):
        listed.append(Amount(_("On top, as store credit"), voice.money(add("bonus"), currency), "note"))
    return listed
