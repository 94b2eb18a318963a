"""Old news is forgotten, with its deliveries: what happened stays in the order's own history. So are browsers that nobody has
come back to."""

import time
from collections.abc import Sequence
from datetime import timedelta

from app import clock, db
from app.accounts.viewer import Viewer
from app.notifications import push_subscriptions

EVERY = 3600  # seconds, in each process
KEPT = timedelta(days=400)
BITE = 500  # notifications of one transaction

# Among the oldest alone: their ids grow as their times do, and no look goes through all of them.
OLD = """
SELECT id, customer, read_at IS NULL AS unread FROM (SELECT * FROM notifications ORDER BY id LIMIT {}) AS oldest
WHERE created_at <= {}
"""
COUNT_ANEW = """
UPDATE customers SET revision = revision + 1,
  unread = (SELECT count(*) FROM notifications n WHERE n.customer = customers.id AND n.read_at IS NULL)
WHERE id IN
"""

_due = 0.0  # by this process's own clock


async def forget_browser(viewer: Viewer) -> None:
    """What is pushed to the browser in whose session this is asked for: the browser itself forgets it at the same time."""
    await db.execute("DELETE FROM push_subscriptions WHERE customer = {} AND session = {}", viewer.id, viewer.session_id)


async def forget() -> None:
    """A chore: looks at the time and goes, but for once an hour; it comes back sooner while there is more to forget."""
    global _due
    if time.monotonic() < _due:
        return
    if await bite() < BITE:
        _due = time.monotonic() + EVERY


async def bite() -> int:
    """How many notifications it has taken away."""
    async with db.transaction():
        found = await db.scan(OLD, BITE, clock.now() - KEPT)
        await drop(found)
    await db.execute("DELETE FROM event_faults WHERE given_up_at <= {}", clock.now() - KEPT)
    await push_subscriptions.forget()
    return len(found)


async def drop(found: Sequence[db.Row]) -> None:
    """In a transaction: these notifications (`id`, `customer`, whether it counts as `unread`), with their deliveries."""
    missed = sorted({row["customer"] for row in found if row["unread"]})
    if missed:
        await db.scan(f"SELECT id FROM customers WHERE id IN ({db.marks(len(missed))}) ORDER BY id{db.FOR_UPDATE}", *missed)  # noqa: S608
    if ids := [row["id"] for row in found]:
        marks = db.marks(len(ids))
        await db.execute(f"DELETE FROM deliveries WHERE notification IN ({marks})", *ids)  # noqa: S608
        await db.execute(f"DELETE FROM notifications WHERE id IN ({marks})", *ids)  # noqa: S608
    if missed:
        await db.execute(f"{COUNT_ANEW} ({db.marks(len(missed))})", *missed)
