"""Events that nobody has been told of yet: claimed in the transaction that tells, so that each is told once, whoever asks.

One that cannot be told is put aside with its fault and tried again, later each time; the others do not wait for it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from app import clock, db
from app.events.actions import data_of

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)
MOST_ATTEMPTS = 24  # within some fourteen hours

UNNOTICED = """
noticed_at IS NULL AND NOT EXISTS (SELECT 1 FROM event_faults f WHERE f.event = events.id AND f.next_try_at > {})
"""
# Claims of several processes pass each other on PostgreSQL; SQLite has one writer.
CLAIM = f"""
WITH due AS MATERIALIZED (
  SELECT id FROM events WHERE {UNNOTICED}
  ORDER BY id LIMIT {{}}{"" if db.ON_SQLITE else " FOR UPDATE OF events SKIP LOCKED"}
)
UPDATE events SET noticed_at = {{}} WHERE noticed_at IS NULL AND id IN (SELECT id FROM due) RETURNING id
"""  # noqa: S608 - our own words
CLAIM_ONE = "UPDATE events SET noticed_at = {} WHERE noticed_at IS NULL AND id = {} RETURNING id"
PUT_ASIDE = """
INSERT INTO event_faults (event, attempts, next_try_at, last_error) VALUES ({}, 1, {}, {})
ON CONFLICT (event) DO UPDATE SET attempts = event_faults.attempts + 1, last_error = excluded.last_error,
  next_try_at = excluded.next_try_at
RETURNING attempts
"""


class Heard(Struct, frozen=True, kw_only=True):
    """Columns of `Event`, its `data` read."""

    id: int
    kind: str
    customer: int | None
    merchant: int | None
    order: int | None
    at: datetime
    data: dict[str, Any]


async def waiting() -> bool:
    """Whether there is any that may be tried now; a look at an index that is nearly always empty."""
    return bool(await db.rows(f"SELECT 1 AS found FROM events WHERE {UNNOTICED} LIMIT 1", clock.now()))  # noqa: S608


async def claim(most: int) -> list[Heard]:
    """The oldest, in the caller's transaction; they are unnoticed again should it fail."""
    at = clock.now()
    return await heard([row["id"] for row in await db.execute(CLAIM, at, most, at)])


async def claim_one(event: int) -> list[Heard]:
    """None when another process has it."""
    return await heard([row["id"] for row in await db.execute(CLAIM_ONE, clock.now(), event)])


async def put_aside(event: int, fault: str) -> None:
    """After its transaction has failed. In the end it counts as noticed, and its fault stays for the operator to see."""
    at = clock.now()
    async with db.transaction():
        (row,) = await db.execute(PUT_ASIDE, event, at + FIRST_WAIT, fault[:500])
        wait = min(FIRST_WAIT * 2 ** (row["attempts"] - 1), LONGEST_WAIT)
        await db.execute("UPDATE event_faults SET next_try_at = {} WHERE event = {}", at + wait, event)
        if row["attempts"] >= MOST_ATTEMPTS:
            await db.execute("UPDATE event_faults SET given_up_at = {} WHERE event = {}", at, event)
            await db.execute("UPDATE events SET noticed_at = {} WHERE id = {} AND noticed_at IS NULL", at, event)


async def told_at_last(events: Sequence[int]) -> None:
    """Their faults are over; in the transaction that tells of them."""
    if events:
        marks = db.marks(len(events))
        await db.execute(f"DELETE FROM event_faults WHERE event IN ({marks})", *events)  # noqa: S608


async def heard(ids: Sequence[int]) -> list[Heard]:
    """Events by their ids, in the order in which they were recorded."""
    if not ids:
        return []
    found = await db.rows(
        'SELECT id, kind, customer, merchant, "order", at, data FROM events '  # noqa: S608
        f"WHERE id IN ({db.marks(len(ids))}) ORDER BY id",
        *ids,
    )
    return [Heard(**{**row, "data": data_of(row["data"])}) for row in found]
