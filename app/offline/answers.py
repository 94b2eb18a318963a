"""A change is done once, however often it is sent: its key and its effect are one transaction, and a key that is known gets
the first answer (draft-ietf-httpapi-idempotency-key-header)."""

import time
from datetime import timedelta

from msgspec import Struct

from app import clock, db
from app.accounts import customers
from app.errors import Refused
from app.i18n import _

KEPT = timedelta(days=30)
LONGEST_BODY = 64 * 1024  # bytes
EVERY = 3600  # seconds, in each process
BITE = 500  # rows of one statement

CLAIM = (
    "INSERT INTO kept_answers (key, customer, request, status, location, media_type, body, at) "
    "VALUES ({}, {}, {}, 0, '', '', '', {}) ON CONFLICT (key) DO NOTHING RETURNING id"
)
FIRST = "SELECT customer, request, status, location, media_type, body FROM kept_answers WHERE key = {}"
KEEP = "UPDATE kept_answers SET status = {}, location = {}, media_type = {}, body = {} WHERE key = {}"
# Among the oldest alone: their ids grow as their times do.
OLD = "SELECT id FROM (SELECT id, at FROM kept_answers ORDER BY id LIMIT {}) AS oldest WHERE at <= {}"

_due = 0.0  # by this process's own clock


class Asked(Struct, frozen=True):
    """A change as it was sent: `request` is a digest of its address and body."""

    key: str
    customer: int
    request: str


class Answer(Struct, frozen=True):
    status: int
    location: str = ""
    media_type: str = ""
    body: bytes = b""


async def claim(asked: Asked) -> Answer | None:
    """First in the transaction of the change: None when it is to be done now, else what it was answered with.

    Of two at once the later waits here until the first has ended, and does it after all when that one was rolled back. The
    customer is locked before: two that hold a row which refers to the customer could both no longer lock it.

    Raises Refused (409) for a key that came with something else, or from somebody else.
    """
    await customers.lock(asked.customer)
    if await db.execute(CLAIM, asked.key, asked.customer, asked.request, clock.now()):
        return None
    first = await db.one(FIRST, asked.key)
    if first is None or (first["customer"], first["request"]) != (asked.customer, asked.request):
        raise Refused(_("Something else was sent under the same key. Nothing was changed."))
    return Answer(first["status"], first["location"], first["media_type"], first["body"].encode())


async def keep(asked: Asked, answer: Answer) -> None:
    """Last in the transaction of the change."""
    body = answer.body.decode() if len(answer.body) <= LONGEST_BODY else ""
    await db.execute(KEEP, answer.status, answer.location, answer.media_type, body, asked.key)


async def forget() -> None:
    """A chore: looks at the time and goes, but for once an hour; it comes back sooner while there is more to forget."""
    global _due
    if time.monotonic() < _due:
        return
    if await bite() < BITE:
        _due = time.monotonic() + EVERY


async def bite() -> int:
    """How many answers it has taken away."""
    old = [row["id"] for row in await db.scan(OLD, BITE, clock.now() - KEPT)]
    if old:
        await db.execute(f"DELETE FROM kept_answers WHERE id IN ({db.marks(len(old))})", *old)  # noqa: S608
    return len(old)
