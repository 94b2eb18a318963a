"""Days on which parcels move: Monday to Saturday (French law's “jours ouvrables”). Public holidays differ by region and are
counted as days: they are in the past from which a shop's own times are learnt."""

from datetime import date, timedelta

SUNDAY = 6
A_WEEK = 6  # working days


def between(first: date, last: date) -> int:
    """How many working days after `first` the day `last` is; a Sunday counts as the Saturday before it. Never negative."""
    return max(_number(last) - _number(first), 0)


def after(day: date, count: int) -> date:
    """The working day that is `count` of them after `day`; with 0 the day itself, or the Saturday before a Sunday."""
    weeks, rest = divmod(_number(day) + count, A_WEEK)
    return date.fromordinal(weeks * 7 + 1 + rest)


def _number(day: date) -> int:
    """Working days since the beginning of the calendar (the first of January 1 was a Monday)."""
    weeks, rest = divmod((day - date(1, 1, 1)) // timedelta(days=1), 7)
    return weeks * A_WEEK + min(rest, SUNDAY - 1)
