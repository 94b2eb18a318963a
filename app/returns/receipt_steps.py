"""What happens next, as the acknowledgement of a withdrawal says it: what goes back, what comes back, and by when."""

from datetime import date
from typing import Protocol

from app.i18n import Voice
from app.returns.doubts import Doubt
from app.returns.rule_book import Payer


class Facts(Protocol):
    """Of `receipts.WithdrawalFacts`."""

    @property
    def send_by(self) -> date | None: ...
    @property
    def refund_by(self) -> date | None: ...
    @property
    def keeps_goods(self) -> bool: ...
    @property
    def unsent(self) -> bool: ...
    @property
    def coming(self) -> bool: ...
    @property
    def payer(self) -> Payer | None: ...
    @property
    def delivery(self) -> bool | None: ...
    @property
    def doubt(self) -> Doubt: ...


def steps(facts: Facts, voice: Voice) -> list[str]:
    """Art. 14(1): goods back within 14 days of the declaration. Art. 13(1) and (3): money within 14 days of it, by the means
    that were used to pay, but not before the goods or the proof that they were sent."""
    _ = voice.gettext
    keep = _("Keep this paper. No reason has to be given, and none is asked for.")
    if facts.doubt in ("late", "unknown"):
        return [_doubted(facts.doubt, voice), keep]
    if facts.keeps_goods:
        return [_unsent(voice) if facts.unsent else _("There is nothing to send back."), _refund(facts, voice), keep]
    wait = _("The seller may wait for the goods, or for your proof that they were sent, whichever is first.")
    return [f"{_send(facts, voice)} {_bears(facts, voice)}".strip(), f"{_refund(facts, voice)} {wait}", keep]


def _unsent(voice: Voice) -> str:
    _ = voice.gettext
    nothing = _("Nothing has been sent to you yet: there is nothing to send back.")
    comes = _("If a parcel comes all the same, you need not accept it; what you accept goes back within 14 days of that day.")
    return f"{nothing} {comes}"


def _send(facts: Facts, voice: Voice) -> str:
    _ = voice.gettext
    if facts.coming:
        later = _("The goods have not come to you yet: send them back within 14 days of the day they do.")
        refuse = _("You may also refuse the parcel.")
        return f"{later} {refuse}"
    if facts.send_by is None:
        return _("Send the goods back within 14 days of this declaration.")
    return _("Send the goods back by %(day)s.") % {"day": voice.long_day(facts.send_by)}


def _bears(facts: Facts, voice: Voice) -> str:
    """Art. 14(1): the consumer, unless the trader has agreed to."""
    _ = voice.gettext
    if facts.payer is None:
        return ""
    if facts.payer == "merchant":
        return _("The seller bears the costs of that: keep the receipt.")
    return _("You bear the costs of that; an address label from here carries no postage.")


def _refund(facts: Facts, voice: Voice) -> str:
    """With all of an order what its delivery cost comes back, with a part of it only what that part cost."""
    _ = voice.gettext
    what = {
        True: _("You get your money, standard delivery included"),
        False: _("You get your money for these items"),
        None: _("You get your money, standard delivery included if it is about all of the order"),
    }[facts.delivery]
    if facts.refund_by is None:
        return _("%(what)s, within 14 days of this declaration, the way you paid.") % {"what": what}
    return _("%(what)s, by %(day)s, the way you paid.") % {"what": what, "day": voice.long_day(facts.refund_by)}


def _doubted(doubt: Doubt, voice: Voice) -> str:
    _ = voice.gettext
    if doubt == "unknown":
        return _("The seller looks for the order by what you wrote, and writes to you.")
    return _("By what is known here, the period is over or the goods are excepted. The seller looks at it, and writes to you.")
