"""What a settled return, claim or cancellation has come to, in words: only what has happened, and what comes next by when."""

from datetime import datetime, timedelta
from typing import Protocol

from app.i18n import Voice, _
from app.returns.states import SETTLED

A_SECOND = timedelta(seconds=1)  # a deadline is the instant at which its last day is over
Words = tuple[str, str, str]  # headline, detail, tone


class GoingBack(Protocol):
    """Of an exchange that was cancelled: columns of `outcomes.OUTCOME`."""

    @property
    def kind(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def exchange_off_at(self) -> datetime | None: ...
    @property
    def exchange_back(self) -> int: ...
    @property
    def exchange_sent(self) -> int: ...


class Outcome(GoingBack, Protocol):
    """Columns of `Return`, and of `outcomes.OUTCOME`."""

    @property
    def state(self) -> str: ...
    @property
    def refunded(self) -> int: ...
    @property
    def refund_by(self) -> datetime | None: ...
    @property
    def exchange_stage(self) -> str: ...
    @property
    def money(self) -> str: ...
    @property
    def money_at(self) -> datetime | None: ...


def tag(it: Outcome) -> str:
    """A key of `sentences.tags`; empty where the state's own word is right."""
    if called_off(it):
        return "to_be_paid" if it.exchange_back > it.exchange_sent else "" if it.exchange_back else "called_off"
    if it.exchange_stage and it.state in ("exchanged", "resolved") and it.exchange_off_at is None:
        words = {"preparing": "prepared", "needs_you": "asked"}
        return words.get(it.exchange_stage, "replaced" if it.kind == "claim" else "")
    if it.state in ("refunded", "resolved"):
        return {"due": "to_be_paid", "failed": "not_paid"}.get(it.money, "")
    return ""


def called_off(it: Outcome) -> bool:
    """What was to be sent in exchange is not. A claim is then made good otherwise, and says that."""
    return it.kind == "return" and it.state in SETTLED and it.exchange_off_at is not None


def to_come(it: Outcome) -> bool:
    """It is decided, and the money has not gone out, or what is sent instead is not there."""
    return tag(it) in ("to_be_paid", "not_paid", "prepared", "asked")


def told(it: Outcome, voice: Voice) -> Words:
    if called_off(it):
        return _called_off(it, voice)
    if it.exchange_stage and it.exchange_off_at is None:
        return _sent_instead(it, voice)
    if it.state == "credited":
        return _("Now store credit: %(amount)s") % {"amount": voice.money(it.refunded, it.currency)}, "", "good"
    return _money(it, voice) or (_settled_words(it), "", "good")


def _settled_words(it: Outcome) -> str:
    return _("Your claim is settled") if it.kind == "claim" else _("It is settled")


def _sent_instead(it: Outcome, voice: Voice) -> Words:
    """The difference in price, or the money for other items of it, is told beside."""
    money = _money(it, voice)
    detail, claim = money[0] if money else "", it.kind == "claim"
    match it.exchange_stage:
        case "needs_you":
            return _("What is sent in exchange needs you"), _("Look at its order"), "bad"
        case "on_the_way":
            return _("The replacement is on its way") if claim else _("The exchange is on its way"), detail, "good"
        case "delivered":
            return _("The replacement has arrived") if claim else _("The exchange has arrived"), detail, "good"
        case "cancelled":  # by the shop, which had sent some of it
            return _("The replacement was called off: look at its order"), detail, "bad"
        case "returned":
            return _settled_words(it), detail, "good"
    return _("A replacement is being prepared"), detail or _("It is on its way once a parcel of it is"), "wait"


def off(it: GoingBack, voice: Voice) -> str:
    """“The exchange was cancelled on 28 Nov.”; empty of one that was not."""
    if it.exchange_off_at is None:
        return ""
    said = _("The replacement was cancelled on %(day)s") if it.kind == "claim" else _("The exchange was cancelled on %(day)s")
    return said % {"day": voice.weekday(it.exchange_off_at)}


def back(it: GoingBack, voice: Voice) -> str:
    """What of it goes back, or has."""
    if it.exchange_back <= 0:
        return ""
    going = it.exchange_back > it.exchange_sent
    said = _("%(amount)s is going back") if going else _("%(amount)s was sent back")
    return said % {"amount": voice.money(it.exchange_back, it.currency)}


def _called_off(it: Outcome, voice: Voice) -> Words:
    """The money for other items of it is told beside."""
    money, going = _money(it, voice), it.exchange_back > it.exchange_sent
    detail = " · ".join(text for text in (back(it, voice), money[0] if money else "") if text)
    return off(it, voice), detail, "wait" if going else "plain"


def _money(it: Outcome, voice: Voice) -> Words | None:
    """Nothing is said to be paid before it is sent."""
    amount = {"amount": voice.money(it.refunded, it.currency)}
    match it.money:
        case "due" if it.refund_by is not None:
            by = _("It is sent by %(day)s at the latest") % {"day": voice.weekday(it.refund_by - A_SECOND)}
            return _("Refund approved: %(amount)s") % amount, by, "wait"
        case "due":
            return _("Refund approved: %(amount)s") % amount, _("You are told when it is sent"), "wait"
        case "sent" if it.money_at is not None:
            said = amount | {"day": voice.weekday(it.money_at)}
            return _("Sent on %(day)s: %(amount)s") % said, _("It takes a few days to arrive"), "good"
        case "arrived":
            return _("It has arrived: %(amount)s") % amount, "", "good"
        case "failed":
            return _("The refund did not go through"), _("The seller has to send it again"), "bad"
    return None
