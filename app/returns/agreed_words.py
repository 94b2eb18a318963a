"""A claim or a cancellation that the seller has agreed to, in words: what was agreed to, and what comes next by when."""

from datetime import datetime, timedelta
from typing import Protocol

from app.i18n import Voice, _

A_SECOND = timedelta(seconds=1)  # a deadline is the instant at which its last day is over


class Agreed(Protocol):
    """Columns of `Return`."""

    @property
    def kind(self) -> str: ...
    @property
    def expected(self) -> int: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def merchant_name(self) -> str: ...


def told(it: Agreed, voice: Voice) -> tuple[str, str, str]:
    """Headline, detail, tone."""
    shop = {"shop": it.merchant_name}
    day = {"day": voice.weekday(it.due_at - A_SECOND)} if it.due_at else None
    if it.kind == "cancellation":
        by = _("Your money is due by %(day)s") % day if day and it.expected else ""
        return _("%(shop)s cancels it") % shop, by, "good"
    by = _("You hear by %(day)s how it is made good: repaired, replaced or paid back") % day if day else ""
    return _("%(shop)s has accepted your claim") % shop, by, "good"
