"""What the seller has agreed to or has to take back, in words: what it is, and what comes next by when."""

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


def undated(kind: str, money: str) -> tuple[str, str, str]:
    """Of goods that are to go back on no day that is known: of a withdrawal those that have not come yet."""
    if kind != "withdrawal":
        return _("Send it back"), money, "bad"
    detail = _("It has not come to you yet: you have 14 days from the day it does")
    return _("Send it back once it has come"), " · ".join(text for text in (detail, money) if text), "wait"


def nothing_to_send(money: str) -> str:
    """Of a withdrawal whose goods were not sent, once it has begun: then its money is due."""
    nothing = _("There is nothing to send back unless it still comes")
    return f"{nothing} · {money}" if money else ""
