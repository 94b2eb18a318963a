"""How soon a desk answers, and what it is asked: of the threads that began in a number of weeks.

Threads alone are read, through the index `threads_begun` (migration 2026-11-28T20:56), and no message: what it costs follows
how many conversations began in the period, however much has been said.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from app import clock, db
from app.spreadsheets import csv_text

PERIODS = (4, 12, 26, 52)  # weeks
WEEK = 7 * 24 * 3600
IN_PERIOD = "FROM threads WHERE merchant = {} AND created_at >= {} AND kind IN ('order', 'return', 'question')"
# The least time within which so large a share was done; the share is of those that were done at all.
TIMES = f"""
WITH done AS (SELECT TOOK AS seconds {IN_PERIOD} AND UNTIL IS NOT NULL),
  shared AS (SELECT seconds, cume_dist() OVER (ORDER BY seconds) AS share FROM done)
SELECT count(*) AS n, min(CASE WHEN share >= 0.5 THEN seconds END) AS half, min(CASE WHEN share >= 0.9 THEN seconds END) AS most
FROM shared
"""  # noqa: S608 - our own words
WEEKS = f"SELECT SINCE AS week, count(*) AS n {IN_PERIOD} GROUP BY SINCE"
REASONS = f"SELECT reason, count(*) AS n {IN_PERIOD} AND reason <> '' GROUP BY reason ORDER BY n DESC, reason"
KINDS = f"SELECT kind, count(*) AS n {IN_PERIOD} GROUP BY kind ORDER BY n DESC, kind"
LABELS = """
SELECT l.name, count(*) AS n FROM desk_labels l JOIN thread_labels tl ON tl.label = l.id JOIN threads t ON t.id = tl.thread
WHERE l.merchant = {} AND t.created_at >= {} GROUP BY l.id, l.name ORDER BY n DESC, l.name
"""


class Times(Struct, frozen=True):
    """Of `count` threads: seconds within which half of them, and nine of ten, were done; None for none."""

    count: int
    half: int | None
    most: int | None


class Report(Struct, frozen=True):
    """`weeks`: when each begins, and how many threads began in it."""

    first_reply: Times
    resolution: Times
    weeks: Sequence[tuple[datetime, int]]
    kinds: Sequence[tuple[str, int]]
    labels: Sequence[tuple[str, int]]
    reasons: Sequence[tuple[str, int]]


def period_of(text: str) -> int:
    """In weeks; nonsense is the usual one."""
    return int(text) if text in map(str, PERIODS) else PERIODS[1]


def start_of(weeks: int, zone: str) -> datetime:
    """The first instant of that many weeks, the present one the last; a week begins on Monday."""
    day = clock.now().astimezone(clock.zone(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday() + 7 * (weeks - 1))


async def of_merchant(merchant: int, weeks: int, zone: str) -> Report:
    start = start_of(weeks, zone)
    counted = {row["week"]: row["n"] for row in await db.scan(WEEKS.replace("SINCE", _week(start)), merchant, start)}
    return Report(
        await _times("first_reply_at", merchant, start),
        await _times("closed_at", merchant, start),
        [(start + timedelta(weeks=n), counted.get(n, 0)) for n in range(weeks)],
        [(row["kind"], row["n"]) for row in await db.scan(KINDS, merchant, start)],
        [(row["name"], row["n"]) for row in await db.scan(LABELS, merchant, start)],
        [(row["reason"], row["n"]) for row in await db.scan(REASONS, merchant, start)],
    )


async def _times(until: str, merchant: int, start: datetime) -> Times:
    sql = TIMES.replace("TOOK", f"{_epoch(until)} - {_epoch('created_at')}").replace("UNTIL", until)
    row = (await db.scan(sql, merchant, start))[0]
    return Times(row["n"], row["half"], row["most"])


def _epoch(column: str) -> str:
    return f"unixepoch({column})" if db.ON_SQLITE else f"CAST(floor(EXTRACT(EPOCH FROM {column})) AS bigint)"


def _week(start: datetime) -> str:
    """Which it is, from 0 on; an hour that summer took counts a day as 24 hours."""
    return f"({_epoch('created_at')} - {int(start.timestamp())}) / {WEEK}"


def as_csv(it: Report) -> bytes:
    """`what`, `of`, `value`: times in seconds, weeks by their Monday."""
    times = [
        (name, share, value)
        for name, one in (("first_reply_seconds", it.first_reply), ("resolution_seconds", it.resolution))
        for share, value in (("count", one.count), ("median", one.half), ("90_percent", one.most))
    ]
    counts = [("week", f"{start:%Y-%m-%d}", n) for start, n in it.weeks]
    kinds, labels = [("kind", name, n) for name, n in it.kinds], [("label", name, n) for name, n in it.labels]
    reasons = [("reason", name, n) for name, n in it.reasons]
    rows = [*times, *counts, *kinds, *reasons, *labels]
    return csv_text([("what", "of", "value"), *((what, of, "" if value is None else str(value)) for what, of, value in rows)])
