"""Deliveries as the operator sees them: which wait, which were given up, and what can be done about it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from app import clock, db
from app.errors import Missing

Verb = Callable[[Sequence[int]], Awaitable[int]]
LATE = timedelta(minutes=10)  # so long after its time, nobody is at work
MOST = 10_000
NEWS = timedelta(days=7)  # what is older than that is none any more

LISTED = """
SELECT d.id, d.channel, d.state, d.attempts, d.next_try_at, d.last_error, d.created_at, d.sent_at, d.message_id, n.kind, c.email
FROM deliveries d JOIN notifications n ON n.id = d.notification JOIN customers c ON c.id = n.customer WHERE d.state IN
"""
# The attempts begin anew: it is tried as often as a fresh one.
RETRY = "UPDATE deliveries SET state = 'waiting', attempts = 0, next_try_at = {} WHERE state IN ('waiting', 'failed')"
DROP = "UPDATE deliveries SET state = 'dropped' WHERE state IN ('waiting', 'failed')"


class Listed(Struct, frozen=True, kw_only=True):
    """`next_try_at` says something of those that wait."""

    id: int
    channel: str
    state: str
    attempts: int
    next_try_at: datetime
    last_error: str
    created_at: datetime
    sent_at: datetime | None
    message_id: str
    kind: str
    email: str


class Stuck(Struct, frozen=True):
    """`untold` events nobody takes up, `faulty` ones that cannot be told, `late` deliveries nobody takes up, `failed` ones that
    were given up within a week."""

    untold: int
    faulty: int
    late: int
    failed: int

    @property
    def any(self) -> bool:
        return bool(self.untold or self.faulty or self.late)


async def listed(states: Sequence[str] = ("waiting", "failed")) -> list[Listed]:
    """The oldest first."""
    found = await db.scan(f"{LISTED} ({db.marks(len(states))}) ORDER BY d.id LIMIT {{}}", *states, MOST)
    return [Listed(**row) for row in found]


async def retry(numbers: Sequence[int]) -> int:
    """At once; without numbers all of the last seven days that were given up.

    Raises Missing for one that is neither waiting nor given up.
    """
    at = clock.now()
    if not numbers:
        return len(await db.scan(f"{RETRY} AND state = 'failed' AND created_at >= {{}} RETURNING id", at, at - NEWS))
    return await _each(RETRY, numbers, at)


async def drop(numbers: Sequence[int]) -> int:
    """Never to be sent. Raises Missing for one that is neither waiting nor given up."""
    return await _each(DROP, numbers)


async def stuck() -> Stuck:
    late = clock.now() - LATE
    return Stuck(
        await _count("events WHERE noticed_at IS NULL AND recorded_at <= {}", late),
        await _count("event_faults WHERE attempts > 1 OR given_up_at >= {}", clock.now() - timedelta(days=7)),
        await _count("deliveries WHERE state = 'waiting' AND next_try_at <= {}", late),
        await _count("deliveries WHERE state = 'failed' AND next_try_at >= {}", clock.now() - timedelta(days=7)),
    )


async def _each(change: str, numbers: Sequence[int], *args: object) -> int:
    async with db.transaction():
        found = await db.execute(f"{change} AND id IN ({db.marks(len(numbers))}) RETURNING id", *args, *numbers)
        if len(found) < len(set(numbers)):
            raise Missing
        return len(found)


async def _count(what: str, *args: object) -> int:
    return int((await db.scan(f"SELECT count(*) AS n FROM {what}", *args))[0]["n"])  # noqa: S608 - our own words
