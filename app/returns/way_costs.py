"""The ways in which a shop takes something back, each with what it costs its customer: said before one of them is chosen."""

from collections.abc import Sequence

from msgspec import Struct

from app.i18n import Voice
from app.returns import asked
from app.returns.carried import SHOPS
from app.returns.quotes import least_fee
from app.returns.rule_book import Rules


class Way(Struct, frozen=True):
    code: str
    title: str
    cost: str


def offered(lines: Sequence[tuple[Rules, str]], newest: Rules, currency: str, voice: Voice) -> list[Way]:
    """`lines`: the rules that each goes by, and why it is sent back. `newest` says by which ways."""
    named = asked.ways(voice)
    payers = {theirs.payer(reason or "changed_mind") for theirs, reason in lines}  # type: ignore[arg-type]
    fee = least_fee([theirs for theirs, _reason in lines], currency) if payers == {"customer"} else None
    return [Way(code, named[code], _with(code, newest, _cost(code, fee, currency, voice))) for code in newest.ways]


def of_withdrawal(theirs: Rules, voice: Voice) -> str:
    """Directive 2011/83/EU, Art. 14(1): its customer sends the goods, and bears what that costs unless the seller does."""
    _ = voice.gettext
    if theirs.payer("changed_mind") == "merchant":
        return _("You send it with a carrier of your choice; the shop bears what it costs.")
    return _("You send it with a carrier of your choice and pay for that.")


def _with(way: str, theirs: Rules, cost: str) -> str:
    """“UPS · Free”: where the carrier is the shop's; whose a label will be may be known when it is bought."""
    return f"{theirs.carrier} · {cost}" if theirs.carrier and way in SHOPS and way != "label" else cost


def _cost(way: str, fee: int | None, currency: str, voice: Voice) -> str:
    """`fee`: None where the shop bears it."""
    _ = voice.gettext
    if fee is None:
        return _("The shop bears what it costs: keep the receipt") if way == "own_carrier" else _("Free: the shop bears it")
    if way == "own_carrier":
        return _("You pay your carrier")
    return _("%(amount)s, taken off what comes back") % {"amount": voice.money(fee, currency)} if fee else _("Free")
