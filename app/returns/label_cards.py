"""What is said of a label that is bought: to its customer that it comes, at the desk what it cost and who bears that."""

from msgspec import Struct

from app.i18n import Voice, _
from app.returns import buying, labelling, worth
from app.returns.kept import Kept
from app.returns.labelling import KeptLabel


class LabelCard(Struct, frozen=True):
    """`state` is as of `ReturnLabel`, or own where none was to be bought. `said` and `why` are for the desk, either may be
    empty; `why` is the seller's or the carrier's own words."""

    state: str
    said: str
    why: str


async def card(it: Kept, voice: Voice) -> LabelCard:
    found = await labelling.kept_label(it.it.id)
    if found is None:
        return LabelCard("own", "", "")
    return LabelCard(found.state, _said(found, it, voice), found.error)


def _said(label: KeptLabel, it: Kept, voice: Voice) -> str:
    match label.state:
        case "wanted":
            return _("The label is being bought.")
        case "failed" if label.attempts >= buying.MOST:
            own = _("No label could be bought: the customer has your own instead.")
            return f"{own} {_('Karrio may hold one under %(code)s.') % {'code': it.it.code}}"
        case "failed" if label.error:
            return _("No label could be bought: the customer has your own instead.")
        case "unused" | "voided" | "spent":
            return _unused(label.state)
        case "bought" if not label.currency:
            return _("A label was bought.")
        case "bought":
            return _bought(label, it, voice)
    return ""


def _unused(state: str) -> str:
    if state == "voided":
        return _("The label that was bought is given back: nobody sends anything with it.")
    if state == "spent":
        return _("The label that was bought is not needed any more, and could not be given back.")
    return _("The label that was bought is being given back: nobody sends anything with it.")


def _bought(label: KeptLabel, it: Kept, voice: Voice) -> str:
    fee = sum(promise.return_fee for promise in worth.promises(it.it.grounds))
    said = {"amount": voice.money(label.amount, label.currency), "fee": voice.money(fee, it.it.currency)}
    if fee:
        return _("A label was bought for %(amount)s; the customer bears %(fee)s.") % said
    return _("A label was bought for %(amount)s; the shop bears it.") % said
