"""Who bears what the way back costs, once it is agreed to or declared, and what its customer is told of that."""

from app.i18n import Voice
from app.returns import carried, kept, rights, rules
from app.returns.kept import Kept
from app.returns.rule_book import Payer, Rules


async def payer(it: Kept) -> Payer | None:
    """By the rules that the orders go by; of a guest's declaration without an order by the shop's newest. None where the shop's
    own carrier takes it: then it costs what was taken off when it was asked for."""
    if it.it.kind == "claim":
        return "merchant"
    if not carried.chosen(it):
        return None
    found = await rights.of_orders(await kept.orders_of(it.it.id))
    if not found:
        _version, newest = await rules.of(it.it.merchant)
        return newest.payer("changed_mind")
    theirs = {number: one.rules for number, one in found.items()}
    return "customer" if {_of(theirs[line.order], line.reason) for line in it.lines} == {"customer"} else "merchant"


def _of(theirs: Rules, reason: str) -> Payer:
    """A withdrawal has no reason."""
    return theirs.payer(reason or "changed_mind")  # type: ignore[arg-type]


def said(it: Kept, payer: Payer | None, voice: Voice) -> str:
    """To its customer; of a claim the page says why, too."""
    _ = voice.gettext
    if payer is None or it.it.kind == "claim":
        return ""
    if payer == "customer":
        return _("You bear what sending it back costs.")
    return _("%(shop)s bears what sending it back costs: keep the receipt.") % {"shop": it.it.merchant_name}


def of_label(payer: Payer | None, voice: Voice) -> str:
    """Of a label without postage, to whoever is about to hand it in."""
    _ = voice.gettext
    if payer == "customer":
        return _("The label carries no postage: you pay for the parcel where you hand it in.")
    return _("The label carries no postage: pay for the parcel where you hand it in; the shop gives you that back.")
