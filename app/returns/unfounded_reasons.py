"""Why the seller may say that a declaration of withdrawal has no effect: only what our own reckoning does not contradict.

Whoever had the right when they declared it has withdrawn (Directive 2011/83/EU, Art. 11(1)): that is closed only as a double of
what stands in another declaration, or because they have asked to forget it.
"""

from msgspec import Struct

from app.errors import Invalid, Missing
from app.i18n import _
from app.returns import doubts, kept, rights, scanned, states
from app.returns.kept import Kept

REASONS = ("no_order", "double", "forgotten", "no_right")
NO_EFFECT = ("late", "unknown")  # what such a declaration is about stays with whoever bought it, until it is known better


class Why(Struct, frozen=True):
    """`double`: the code of the other declaration, as it was typed."""

    reason: str
    double: str = ""


def closable(it: Kept) -> bool:
    """Nothing has come of it yet: nothing sent, paid back or cancelled."""
    row = it.it
    gone = row.refunded or row.sent_at or row.came_at
    return row.kind == "withdrawal" and states.may(row.kind, row.state, "unfounded") and not gone and not _has_cancelled(it)


def _has_cancelled(it: Kept) -> bool:
    """What was not sent yet is cancelled by being withdrawn from (see `called_off.py`): that is not undone by words."""
    return doubts.of(it) not in NO_EFFECT and any(line.held < line.quantity for line in it.lines)


async def fitting(it: Kept) -> list[str]:
    return [reason for reason in REASONS if not await _against(it, reason)] if closable(it) else []


async def check(it: Kept, why: Why) -> str:
    """The code of the other declaration where it is a double, else an empty text. Raises Invalid(clause=…, double=…)."""
    if why.reason not in REASONS:
        raise Invalid(clause=_("Choose why it has no effect."))
    if against := await _against(it, why.reason):
        raise Invalid(clause=against)
    return await _other(it, why.double) if why.reason == "double" else ""


async def _against(it: Kept, reason: str) -> str:
    """What contradicts it, in words."""
    if reason == "no_order" and it.it.order is not None:
        return _("It belongs to an order: see there what was bought.")
    if reason == "forgotten" and it.it.objected_at is not None:
        return _("They have objected since: it is not to be forgotten.")
    if reason == "no_right" and not await _without_right(it):
        return _("By all that is known here it could be withdrawn from when it was declared.")
    return ""


async def _without_right(it: Kept) -> bool:
    """Reckoned anew: what another request had taken by then was no loss of the right."""
    if it.it.order is None or doubts.of(it) != "late":
        return False
    (found,) = (await rights.of_orders([it.it.order], at=it.it.created_at)).values()
    return not any(line.right("withdrawal").open for line in found.lines)


async def _other(it: Kept, typed: str) -> str:
    """One and the same answer for what is nobody's, another person's, or has no effect itself."""
    code = scanned.code(typed)
    try:
        other = await kept.at_desk(it.it.merchant, code) if code and code != it.it.code else None
    except Missing:
        other = None
    if other is None or not _in_force(other) or not _theirs(it, other):
        raise Invalid(double=_("That is the code of no other declaration of theirs that is in force."))
    if not _covered(it, other):
        raise Invalid(double=_("That one is not about all that this one is about."))
    return other.it.code


def _in_force(other: Kept) -> bool:
    return other.it.kind == "withdrawal" and other.it.state not in ("unconfirmed", *states.LET_GO)


def _theirs(it: Kept, other: Kept) -> bool:
    """Of the same order; where none is known, of the same person."""
    return other.it.order == it.it.order if it.it.order is not None else other.it.email == it.it.email


def _covered(it: Kept, other: Kept) -> bool:
    """What was withdrawn from in time is in the other one, too."""
    if doubts.of(it) in NO_EFFECT:
        return True
    there = {line.line: line.quantity for line in other.lines} if doubts.of(other) not in NO_EFFECT else {}
    return all(line.quantity <= there.get(line.line, 0) for line in it.lines)
