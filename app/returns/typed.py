"""Amounts, counts and days as people type them. Each raises Invalid at its field."""

from datetime import date, datetime, time

from app import clock
from app.errors import Invalid
from app.i18n import _, voice
from app.payments.typed import amount as amount


def count(text: str, field: str) -> int:
    """Nothing typed is none."""
    plain = text.strip()
    if not plain:
        return 0
    if not (plain.isascii() and plain.isdecimal() and len(plain) < 7):
        raise Invalid.at({field: _("A whole number.")})
    return int(plain)


def day(text: str, field: str) -> datetime | None:
    """The last moment of a day (“2026-11-27”) in the reader's zone, of today the present one; None for nothing typed."""
    if not text.strip():
        return None
    try:
        end = datetime.combine(date.fromisoformat(text.strip()), time(23, 59, 59), clock.zone(voice().zone))
    except ValueError as error:
        raise Invalid.at({field: _("A day, such as 2026-11-27.")}) from error
    return min(end, clock.now()) if end.date() <= voice().today() else end
