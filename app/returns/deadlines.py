"""By when somebody has to do the next thing. Days end where the merchant is; working days are those of the country of whoever
has to do it.
"""

from datetime import datetime, timedelta

from app.returns import days
from app.returns.rule_book import Rules

TO_SEND_BACK = 14  # days: Directive 2011/83/EU, Art. 14(1); the shop's own returns have as long
TO_REFUND = 14  # days from the declaration: Art. 13(1)
TO_CONFIRM = timedelta(days=7)  # a guest's link
NEVER_SENT = 30  # days after which a return that was agreed to and never sent is over
TO_AGREE = 14  # days to answer what is proposed in exchange


def answer_by(at: datetime, zone: str, country: str, rules: Rules) -> datetime:
    """The seller's answer to what was asked for, and its decision on what came back."""
    return days.end_of(days.working_day(days.day_of(at, zone) + timedelta(days=rules.handling_days), country), zone)


def send_by(at: datetime, zone: str, country: str, region: str = "") -> datetime:
    """Fourteen days from the day on which the customer said it; the day itself is not counted. Working days are those where the
    customer is, who has to do it (Regulation 1182/71, Art. 3(4))."""
    return days.end_of(days.working_day(days.day_of(at, zone) + timedelta(days=TO_SEND_BACK), country, region), zone)


def refund_by(at: datetime, zone: str, country: str) -> datetime:
    """Fourteen days from the day on which the seller was told; the day itself is not counted."""
    return days.end_of(days.working_day(days.day_of(at, zone) + timedelta(days=TO_REFUND), country), zone)


def agree_by(at: datetime, zone: str) -> datetime:
    """A customer's answer to what is proposed to be sent in exchange; the day itself is not counted."""
    return days.end_of(days.day_of(at, zone) + timedelta(days=TO_AGREE), zone)
