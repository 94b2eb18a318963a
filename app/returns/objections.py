"""An objection: against a refusal, against what the seller says of a declaration that it has no effect, or against less than
was promised. When one can be raised, when it waits for its answer, and both in words for its customer."""

from datetime import datetime, timedelta
from typing import Protocol

from app import clock
from app.i18n import Voice, _
from app.returns import worth
from app.returns.kept import Kept
from app.returns.states import GIVEN, REFUSED

A_SECOND = timedelta(seconds=1)  # a deadline is the instant at which its last day is over
LONGEST = timedelta(days=14)  # since it was settled
IN_FORCE = ("acknowledged", "goods_due")  # where a withdrawal is again that was objected for
Words = tuple[str, str, str]  # headline, detail, tone


class Objected(Protocol):
    """Columns of `Return`."""

    @property
    def state(self) -> str: ...
    @property
    def waiting_on(self) -> str: ...
    @property
    def objected_at(self) -> datetime | None: ...
    @property
    def settled_at(self) -> datetime | None: ...


class Told(Objected, Protocol):
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def expected(self) -> int: ...
    @property
    def refunded(self) -> int: ...
    @property
    def merchant_name(self) -> str: ...


def possible(it: Kept) -> bool:
    """Once, and once more when it is settled with less."""
    refused = it.it.state in (*REFUSED, "unfounded") and it.it.objected_at is None
    return refused or (_open(it.it) and kept_back(it))


def _open(it: Objected) -> bool:
    """Of what is settled, for some days; not while something that was agreed to is still to be sent."""
    if it.state not in GIVEN or it.settled_at is None or it.waiting_on != "nobody" or settled(it):
        return False
    return clock.now() < it.settled_at + LONGEST


def kept_back(it: Kept) -> bool:
    """Something is kept of a line, or less was given than promised, with the seller's words; goods that were repaired or
    replaced in the end hold nothing."""
    promised = sum(one.total + one.bonus for one in worth.promises(it.it.grounds))
    less = 0 < it.it.refunded < promised and it.it.answer != "" and any(line.held for line in it.lines)
    return less or any(line.deduction for line in it.lines)


def settled(it: Objected) -> bool:
    """Whether it was raised against how it was settled, answered or not."""
    return it.state in GIVEN and it.settled_at is not None and it.objected_at is not None and it.objected_at >= it.settled_at


def for_less(it: Objected) -> bool:
    """Whether one against less than promised waits for its answer."""
    return settled(it) and it.waiting_on == "seller"


def concerned(it: Kept) -> bool:
    """Whether one can be raised, waits or was answered."""
    return possible(it) or it.it.state == "unfounded" or waits(it.it) or settled(it.it)


def waits(it: Objected) -> bool:
    refused = it.objected_at is not None and it.waiting_on == "seller" and it.state in (*REFUSED, *IN_FORCE)
    return refused or for_less(it)


def told(it: Told, voice: Voice) -> Words | None:
    """None where there is no refusal, and what goes on says more."""
    if it.state == "unfounded":
        return _unfounded(it)
    if it.state not in REFUSED and not (it.state == "acknowledged" and waits(it)) and not for_less(it):
        return None
    if it.waiting_on == "seller":
        by = _("Their answer is due by %(day)s") % {"day": voice.weekday(it.due_at - A_SECOND)} if it.due_at else ""
        return _("Your objection is being looked at"), by, "wait"
    said = _("%(shop)s has declined it") if it.state == "declined" else _("%(shop)s has denied your claim")
    again = _("It was looked at again after your objection: the refusal stands") if it.objected_at else ""
    return said % {"shop": it.merchant_name}, again, "bad"


def answered(it: Told, said: Words) -> Words:
    """What it was settled with, and that this was looked at again."""
    if not settled(it) or for_less(it):
        return said
    headline, _detail, tone = said
    if 0 < it.expected <= it.refunded:
        return headline, _("After your objection the rest was given back"), tone
    return headline, _("It was looked at again after your objection: what came of it stands in its history"), tone


def _unfounded(it: Told) -> Words:
    said = _("%(shop)s says that your withdrawal has no effect") % {"shop": it.merchant_name}
    if it.objected_at:
        return said, _("It was looked at again after your objection, with the same outcome"), "bad"
    return said, _("If you see it otherwise, object: then it counts again, and is looked at"), "bad"


def looked_at(it: Told, voice: Voice) -> str:
    """Of what goes on meanwhile; empty where none waits."""
    if not waits(it) or it.due_at is None:
        return ""
    day = {"day": voice.weekday(it.due_at - A_SECOND), "shop": it.merchant_name}
    return _("%(shop)s looks at your objection until %(day)s") % day
