"""What a desk might decide, and why: from what each line rested on when it was asked for. Never decided by itself."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from app import clock
from app.i18n import Voice, _
from app.returns import doubts, exchanging, extents, objections, states, words
from app.returns.cases import Right
from app.returns.evidence import Evidence
from app.returns.kept import Kept

# What is left to do once it is agreed to, and nothing has to come back first.
AGREED_TO: dict[str, Callable[[], tuple[str, str]]] = {
    "claim": lambda: ("look", _("Make it good: repair, replace or pay it back")),
    "cancellation": lambda: ("refund", _("Nothing was sent: pay back what was paid")),
}


class Suggestion(Struct, frozen=True):
    """`decision`: approve, refund, exchange, look or nothing. `why` are sentences, each with its rule."""

    decision: str
    text: str
    why: list[str]


def suggested(it: Kept, voice: Voice, sent: Evidence | None = None) -> Suggestion:
    if objections.for_less(it.it):
        return Suggestion("look", _("Look at the objection"), [])
    if said := _of_a_proposal(it):
        return Suggestion("", said, [])
    rights = rested_on(it)
    why = [_rests_on(right, voice) for right in rights]
    if (doubt := doubts.of(it)) == "unclear":
        why.insert(0, doubts.words(doubt, voice))
        if extents.settable(it):
            return Suggestion("look", _("Which items are meant? Set them by these words"), why)
    return _next(it, doubt, sent or Evidence(), why, voice)


def _of_a_proposal(it: Kept) -> str:
    """What is to be done of something dearer that is sent in exchange; empty where nothing was proposed."""
    if it.it.proposed:
        return _("The customer’s answer to what is proposed is waited for")
    if it.it.state not in states.SETTLED or it.it.waiting_on != "seller":
        return ""
    return _("Agreed: send it once it is paid") if it.it.to_pay else _("Agreed: send it")


def _next(it: Kept, doubt: str, sent: Evidence, why: list[str], voice: Voice) -> Suggestion:
    match it.it.state:
        case "requested" | "open":
            return Suggestion("approve", _("Approve it"), [*why, *_proof(it, voice)])
        case "received" | "goods_received":
            return _arrived(it, why)
        case "approved" if states.goods_there(it.it):
            return Suggestion("look", _("It is there: count what came"), why)
        case "approved" if it.it.waiting_on == "seller" and it.it.kind in AGREED_TO:
            return Suggestion(*AGREED_TO[it.it.kind](), why)
        case "acknowledged" | "goods_due" if objections.waits(it.it):
            return Suggestion("look", _("Look at the objection"), why)
        case "acknowledged" if doubt in ("late", "unknown"):
            return Suggestion("look", doubts.words(doubt, voice), why)
        case "acknowledged":
            return Suggestion("refund", _("Pay it back: nothing was sent"), why)
        case "in_transit" if it.it.came_at is not None:
            return Suggestion("look", _("It is there: count what came"), why)
        case "proof_sent":
            return _said_to_be_sent(sent, why)
        case "declined" | "denied" if it.it.waiting_on == "seller":
            return Suggestion("look", _("Look at the objection"), why)
    return Suggestion("", "", why)


def _said_to_be_sent(sent: Evidence, why: Sequence[str]) -> Suggestion:
    if sent.scanned:
        proven = _("It may not be waited for any longer: the goods are proven to be sent (Directive 2011/83/EU, Art. 13(3)).")
        return Suggestion("refund", _("Pay it back"), [proven, *why])
    wait = _(
        "The money may wait for the goods, or for evidence that they were sent, whichever is first "
        "(Directive 2011/83/EU, Art. 13(3))."
    )
    said = _("Said to be sent with: %(parcel)s") % {"parcel": sent.said} if sent.said else ""
    if sent.photo:
        text = _("Look at the photo: a carrier’s receipt is evidence, and it is to be paid back")
    elif sent.number:
        text = _("The customer says that it was sent: its number is not scanned yet")
    else:
        text = _("The customer says that it was sent, and gives no number")
    return Suggestion("look", text, [one for one in (said, wait, *why) if one])


def _rests_on(right: Right, voice: Voice) -> str:
    said = " · ".join(text for text in (words.when(right, voice), words.source(right, voice)) if text)
    return voice.gettext("%(label)s: %(text)s") % {"label": words.title(right.code, voice), "text": said}


def abroad(it: Kept) -> bool:
    """Whether no law is known here by which it is decided."""
    return any(right.code == "report" for right in rested_on(it))


def rested_on(it: Kept) -> list[Right]:
    """Each right once, as it was when they asked."""
    kept: Sequence[dict[str, Any]] = msgspec.json.decode(it.it.grounds).get("rights", [])
    found: list[Right] = []
    for one in kept:
        right = msgspec.convert({name: value for name, value in one.items() if name != "line"}, Right)
        if right not in found:
            found.append(right)
    return found


def _proof(it: Kept, voice: Voice) -> list[str]:
    """Who has to prove what of a claim."""
    if it.it.kind != "claim" or any(line.reason == "not_delivered" for line in it.lines):
        return []
    photos = voice.ngettext("%(num)d photo", "%(num)d photos", len(it.files)) % {"num": len(it.files)}
    by_law = _(
        "Within a year of the delivery a defect counts as there from the beginning (Directive (EU) 2019/771, Art. 11(1))."
    )
    known = _("The customer lives outside the EU: the law of their country says what is due.") if abroad(it) else by_law
    return [known, photos if it.files else _("There is no photo.")]


def _arrived(it: Kept, why: Sequence[str]) -> Suggestion:
    missing = sum(line.missing + line.wrong_item for line in it.lines)
    damaged = sum(line.damaged for line in it.lines)
    if missing:
        return Suggestion("look", _("Not all of it came: look before paying"), list(why))
    if damaged:
        return Suggestion("look", _("Something came damaged: all of it, or less what it lost in value"), list(why))
    if it.it.kind == "return" and (wanted := exchanging.wished(it)):
        return Suggestion("exchange", _("Send the exchange"), [*(line.wanted for line in wanted), *why])
    late = it.it.due_at is not None and it.it.due_at <= clock.now()
    text = _("Pay it back now: the day for it is past") if late else _("Pay it back in full")
    return Suggestion("refund", text, list(why))
