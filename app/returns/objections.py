"""An objection: against a refusal, or against what the seller says of a declaration that it has no effect. When one can be
raised, when it waits for its answer, and both in words for its customer."""

from datetime import datetime, timedelta
from typing import Protocol

from app.i18n import Voice, _
from app.returns.states import REFUSED

A_SECOND = timedelta(seconds=1)  # a deadline is the instant at which its last day is over
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


class Told(Objected, Protocol):
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def merchant_name(self) -> str: ...


def possible(it: Objected) -> bool:
    """Once."""
    return it.state in (*REFUSED, "unfounded") and it.objected_at is None


def waits(it: Objected) -> bool:
    return it.objected_at is not None and it.waiting_on == "seller" and it.state in (*REFUSED, *IN_FORCE)


def told(it: Told, voice: Voice) -> Words | None:
    """None where there is no refusal, and what goes on says more."""
    if it.state == "unfounded":
        return _unfounded(it)
    if it.state not in REFUSED and not (it.state == "acknowledged" and waits(it)):
        return None
    if it.waiting_on == "seller":
        by = _("Their answer is due by %(day)s") % {"day": voice.weekday(it.due_at - A_SECOND)} if it.due_at else ""
        return _("Your objection is being looked at"), by, "wait"
    said = _("%(shop)s has declined it") if it.state == "declined" else _("%(shop)s has denied your claim")
    again = _("It was looked at again after your objection: the refusal stands") if it.objected_at else ""
    return said % {"shop": it.merchant_name}, again, "bad"


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
