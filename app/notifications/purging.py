"""With a conversation that is purged goes what was told of it: notices, which keep how a message began, and copies of mails."""

import time
from collections.abc import Sequence

from app import db
from app.inbox import purging, searching
from app.mail import copies
from app.notifications import forgetting
from app.notifications.kinds import NOTICES

EVERY = 3600  # seconds, in each process
COLUMNS = "id, customer, 1 = 1 AS unread"  # whoever was told: their lists are made anew
KINDS = ", ".join(f"'{kind}'" for kind in NOTICES)
OF_THREAD = f"""
SELECT {COLUMNS} FROM notifications
WHERE customer = {{}} AND (kind LIKE 'message%' OR kind IN ({KINDS})) AND (url = {{}} OR url LIKE {{}})
"""  # noqa: S608 - our own words
AT_DESKS = f"SELECT {COLUMNS} FROM notifications WHERE topic = 'desk' AND url IN"  # noqa: S608
SLUGS = """
SELECT slug FROM merchants WHERE is_shop OR id IN (
  SELECT merchant FROM threads WHERE code IN (MARKS)
  UNION SELECT t.merchant FROM merged_threads g JOIN threads t ON t.id = g.thread WHERE g.code IN (MARKS))
"""

ONCE_A_DAY = 24 * 3600  # seconds

_due = _words_due = 0.0  # by this process's own clock
_gone = False


async def purge() -> None:
    """A chore: looks at the time and goes, but for once an hour; it comes back sooner while there is more to purge. What
    purged messages were found by is written over once a day: that goes through what all of them are found by."""
    global _due, _gone, _words_due
    if time.monotonic() < _due:
        return
    if await bite():
        _gone = True
        return
    _due = time.monotonic() + EVERY
    if _gone and time.monotonic() >= _words_due:
        _gone, _words_due = False, time.monotonic() + ONCE_A_DAY
        await searching.put_together()


async def bite() -> int:
    """How many conversations are gone."""
    return len(await purging.purge(forget, _first))


async def _first(codes: Sequence[str]) -> None:
    """What the desks were told, whose people's rows nobody has locked, and copies of mails."""
    if not codes:
        return
    await copies.forget(codes)
    async with db.transaction():
        slugs = [row["slug"] for row in await db.rows(SLUGS.replace("MARKS", db.marks(len(codes))), *codes, *codes)]
        urls = [f"/desk/{slug}/{place}/{code}" for slug in slugs for place in ("inbox", "escalated") for code in codes]
        await forgetting.drop(await db.rows(f"{AT_DESKS} ({db.marks(len(urls))})", *urls))


async def forget(customer: int, code: str) -> None:
    """In the transaction that purges it, with its customer's row locked."""
    url = f"/inbox/{code}"
    await forgetting.drop(await db.rows(OF_THREAD, customer, url, f"{url}#%"))
