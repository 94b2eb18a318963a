"""With a conversation that is purged goes what was told of it: notices, which keep how a message began, and copies of mails."""

import time

from app import db
from app.inbox import purging
from app.mail import copies
from app.notifications.forgetting import COUNT_ANEW
from app.notifications.kinds import NOTICES

EVERY = 3600  # seconds, in each process
KINDS = ", ".join(f"'{kind}'" for kind in NOTICES)
OF_THREAD = f"""
SELECT id FROM notifications
WHERE customer = {{}} AND (kind LIKE 'message%' OR kind IN ({KINDS})) AND (url = {{}} OR url LIKE {{}})
"""  # noqa: S608 - our own words

_due = 0.0  # by this process's own clock


async def purge() -> None:
    """A chore: looks at the time and goes, but for once an hour; it comes back sooner while there is more to purge."""
    global _due
    if time.monotonic() < _due:
        return
    if not await bite():
        _due = time.monotonic() + EVERY


async def bite() -> int:
    """How many conversations are gone."""
    codes: list[str] = []

    async def along(customer: int, code: str) -> None:
        codes.append(code)  # of one that had become part of another, too: its mails bear it
        await forget(customer, code)

    gone = await purging.purge(along)
    await copies.forget(codes)
    return len(gone)


async def forget(customer: int, code: str) -> None:
    """In the transaction that purges it, with its customer's row locked."""
    url = f"/inbox/{code}"
    ids = [row["id"] for row in await db.rows(OF_THREAD, customer, url, f"{url}#%")]
    if ids:
        marks = db.marks(len(ids))
        await db.execute(f"DELETE FROM deliveries WHERE notification IN ({marks})", *ids)  # noqa: S608
        await db.execute(f"DELETE FROM notifications WHERE id IN ({marks})", *ids)  # noqa: S608
        await db.execute(f"{COUNT_ANEW} ({{}})", customer)
