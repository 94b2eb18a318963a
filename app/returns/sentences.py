"""The one sentence that says how a return stands, to its customer: what is next, by when, and whose turn it is."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Protocol

from msgspec import Struct

from app.i18n import Voice, _
from app.returns import agreed_words, objections, outcome_words, states

# How far along of four: asked, agreed, on its way or there, settled.
STEPS = {
    "requested": 1, "open": 1, "approved": 2, "label_issued": 2, "goods_due": 2, "acknowledged": 1, "in_transit": 3,
    "proof_sent": 3, "received": 3, "goods_received": 3, "refunded": 4, "exchanged": 4, "credited": 4, "resolved": 4,
    "closed": 4,
}  # fmt: skip


class Sentence(Struct, frozen=True):
    """`tone` is good, wait, bad, info or plain; of four `steps` so many are done, 0 where there is no way to show."""

    headline: str
    detail: str
    tag: str
    tone: str
    steps: int


class Facts(outcome_words.Outcome, Protocol):
    """More columns of `Return`."""

    @property
    def waiting_on(self) -> str: ...
    @property
    def expected(self) -> int: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def send_by(self) -> datetime | None: ...
    @property
    def objected_at(self) -> datetime | None: ...
    @property
    def settled_at(self) -> datetime | None: ...
    @property
    def came_at(self) -> datetime | None: ...
    @property
    def received_at(self) -> datetime | None: ...
    @property
    def proposed(self) -> int: ...
    @property
    def proposed_until(self) -> datetime | None: ...
    @property
    def merchant_name(self) -> str: ...


@lru_cache(256)  # a language's words stay what they are
def kinds(voice: Voice) -> Mapping[str, str]:
    _ = voice.gettext
    return {
        "withdrawal": _("Withdrawal"), "return": _("Return"), "claim": _("Claim"), "cancellation": _("Cancellation"),
    }  # fmt: skip


@lru_cache(256)
def tags(voice: Voice) -> Mapping[str, str]:
    """Each state in a word or two."""
    _ = voice.gettext
    return {
        "requested": _("Asked for"), "approved": _("Approved"), "label_issued": _("Label ready"),
        "in_transit": _("On its way back"), "received": _("Arrived"), "refunded": _("Refunded"),
        "exchanged": _("Exchanged"), "credited": _("Credited"), "closed": _("Closed"), "declined": _("Declined"),
        "cancelled": _("Request withdrawn"), "expired": _("Expired"), "unconfirmed": _("Not confirmed"),
        "acknowledged": _("Acknowledged"), "goods_due": _("To be sent back"), "goods_received": _("Arrived"),
        "proof_sent": _("Sent back"), "open": _("Open"), "denied": _("Denied"), "resolved": _("Resolved"),
        "asked": _("Needs you"), "to_be_paid": _("Refund approved"), "not_paid": _("Refund failed"),
        "prepared": _("Being prepared"), "replaced": _("Replaced"),
        "called_off": _("Cancelled"), "unfounded": _("No effect"),
    }  # fmt: skip


def told(it: Facts, voice: Voice) -> Sentence:
    headline, detail, tone = _words(it, voice)
    steps = STEPS.get(_standing(it), 0)
    return Sentence(headline, detail, tag(it, voice), tone, steps - 1 if outcome_words.to_come(it) else steps)


def tag(it: Facts, voice: Voice) -> str:
    there = (it.state in ("in_transit", "proof_sent") and it.came_at is not None) or states.goods_there(it)
    asked = it.proposed or asked_back(it)
    return tags(voice)["asked" if asked else "received" if there else outcome_words.tag(it) or _standing(it)]


def at_desk(it: Facts, voice: Voice) -> str:
    """The same for the merchant's people: what a customer has to do is not theirs to do."""
    if objections.waits(it):
        return _("Objection")
    if it.state in states.SETTLED and (it.to_pay or it.waiting_on == "seller"):
        return _("Agreed, not paid yet") if it.to_pay else _("Agreed: to be sent")
    if it.proposed:
        return _("Difference proposed")
    if it.kind == "withdrawal" and it.state == "goods_due" and it.waiting_on == "seller" and it.came_at is None:
        return _("Which items?")
    return _("Customer asked") if asked_back(it) else tag(it, voice)


def _standing(it: Facts) -> str:
    return "goods_due" if states.to_send(it) else "in_transit" if states.goods_coming(it) else it.state


def asked_back(it: Facts) -> bool:
    """Whether a question of the seller's waits for an answer."""
    return not it.proposed and it.waiting_on == "buyer" and it.state in ("requested", "open", "received", "goods_received")


def _words(it: Facts, voice: Voice) -> tuple[str, str, str]:
    if it.proposed and it.proposed_until:
        return _proposed(it, it.proposed_until, voice)
    if asked_back(it):
        return _("%(shop)s has asked you something") % _named(it), _("It goes on when you have answered"), "bad"
    found = objections.told(it, voice) or _settled(it, voice)
    return objections.answered(it, found) if found is not None else _under_way(it, voice)


def _proposed(it: Facts, until: datetime, voice: Voice) -> tuple[str, str, str]:
    headline = _("The one you want costs %(amount)s more") % {"amount": voice.money(it.proposed, it.currency)}
    silent = _("If we do not hear from you by %(day)s, you get your money back") % {"day": voice.weekday(_last(until))}
    return headline, silent, "bad"


def _under_way(it: Facts, voice: Voice) -> tuple[str, str, str]:
    match it.state:
        case "requested" | "open":
            return _("Waiting for %(shop)s") % _named(it), _by(it, voice), "wait"
        case "approved" if states.goods_awaited(it):
            return _to_send(it, voice)
        case "approved" if states.goods_there(it):
            return _("At %(shop)s, being checked") % _named(it), _by(it, voice), "info"
        case "approved" if states.goods_coming(it):
            return _("On its way to %(shop)s") % _named(it), "", "info"
        case "approved" if it.kind == "claim" and it.exchange_stage:
            said = outcome_words.off(it, voice) or _("Some of the replacement was cancelled")
            return said, _("%(shop)s makes it good in another way") % _named(it), "wait"
        case "approved" if it.kind in ("claim", "cancellation"):
            return agreed_words.told(it, voice)
        case "approved" | "label_issued" | "goods_due":
            return _to_send(it, voice)
        case "acknowledged":
            return _("Your withdrawal is acknowledged"), agreed_words.nothing_to_send(_money_by(it, voice)), "good"
        case "in_transit" | "proof_sent" if it.came_at is not None:
            return _("At %(shop)s, being checked") % _named(it), _money_by(it, voice) or _by(it, voice), "info"
        case "in_transit" | "proof_sent":
            return _("On its way to %(shop)s") % _named(it), _money_by(it, voice), "info"
    return _("It has arrived at %(shop)s") % _named(it), _money_by(it, voice) or _by(it, voice), "info"


def _settled(it: Facts, voice: Voice) -> tuple[str, str, str] | None:
    if it.state in (*states.SETTLED, "resolved"):
        return outcome_words.told(it, voice)
    match it.state:
        case "closed":
            return _("All done"), "", "plain"
        case "cancelled":
            return _("The request was withdrawn"), "", "plain"  # by its customer, or in the shop's own system
        case "expired":
            return _("It was not sent back in time"), "", "plain"
    return None


def _to_send(it: Facts, voice: Voice) -> tuple[str, str, str]:
    if it.send_by is None:
        return agreed_words.undated(it.kind, _money_by(it, voice))
    meanwhile = objections.looked_at(it, voice) or _money_by(it, voice)
    return _("Send it back by %(day)s") % {"day": voice.weekday(_last(it.send_by))}, meanwhile, "bad"


def _money_by(it: Facts, voice: Voice) -> str:
    return _("Your money is due by %(day)s") % {"day": voice.weekday(_last(it.refund_by))} if it.refund_by else ""


def _by(it: Facts, voice: Voice) -> str:
    return _("Their answer is due by %(day)s") % {"day": voice.weekday(_last(it.due_at))} if it.due_at else ""


def _last(end: datetime) -> datetime:
    """A deadline is the instant at which its last day is over: that day is meant."""
    return end - timedelta(seconds=1)


def _named(it: Facts) -> Mapping[str, str]:
    return {"shop": it.merchant_name}
