"""The merchant pays by its own means (its bank, its shop's own pages) and writes down here how that is called there."""

from datetime import datetime, timedelta
from typing import Literal

from app import clock, typed
from app.errors import Invalid
from app.i18n import _

NAME: Literal["manual"] = "manual"
LONGEST = 140  # characters of a reference: what a SEPA transfer carries (EPC131-08, AT-05)
CLOCKS_DIFFER = timedelta(minutes=5)


def checked(reference: str, paid_at: datetime | None, approved_at: datetime | None) -> tuple[str, datetime]:
    """The reference as it is kept, and when it was paid. Raises Invalid(reference=… or paid_at=…)."""
    said, at, now = " ".join(reference.split()), paid_at or clock.now(), clock.now()
    wrong = {}
    if not said:
        wrong["reference"] = _("Write down how your bank or your shop calls the payment.")
    elif unfit := typed.wrong_words(said, LONGEST):
        wrong["reference"] = unfit
    elif not said.isprintable():
        wrong["reference"] = _("There is a sign in it that cannot be printed.")
    if at.tzinfo is None or at > now + CLOCKS_DIFFER:
        wrong["paid_at"] = _("That day is still to come.")
    elif approved_at is not None and at.date() < approved_at.date():
        wrong["paid_at"] = _("That was before the refund was approved.")
    if wrong:
        raise Invalid(**wrong)
    return said, at
