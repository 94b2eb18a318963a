"""A change is done once, however often it is sent: its key and its effect are one transaction, and a key that is known gets
the first result (draft-ietf-httpapi-idempotency-key-header): that it was done, and where that leads. What was shown of it, with
what people buy, is not kept: whoever sends again has no use for it."""

import time
from datetime import timedelta

from msgspec import Struct

from app import clock, db
from app.accounts import customers
from app.errors import Refused
from app.i18n import _

KEPT = timedelta(days=30)
MOST = 1_000  # of one customer: far more than wait on a device at a time
EVERY = 3600  # seconds, in each process
BITE = 500  # rows of one statement

CLAIM = (
    "INSERT INTO kept_answers (key, customer, request, location, at) VALUES ({}, {}, {}, '', {}) "
    "ON CONFLICT (key) DO NOTHING RETURNING id"
)
FIRST = "SELECT customer, request, location FROM kept_answers WHERE key = {}"
KEEP = "UPDATE kept_answers SET location = {} WHERE key = {}"
TOO_MANY = """DELETE FROM kept_answers WHERE customer = {} AND id <= (
SELECT id FROM kept_answers WHERE customer = {} ORDER BY id DESC LIMIT 1 OFFSET {})"""
# Among the oldest alone: their ids grow as their times do.
OLD = "SELECT id FROM (SELECT id, at FROM kept_answers ORDER BY id LIMIT {}) AS oldest WHERE at <= {}"

_due = 0.0  # by this process's own clock


class Asked(Struct, frozen=True):
    """A change as it was sent: `request` is a digest of its address and body."""

    key: str
    customer: int
    request: str


async def claim(asked: Asked) -> str | None:
    """First in the transaction of the change: None when it is to be done now, else where it led ("" to no other page).

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
    return str(first["location"])


async def known(asked: Asked) -> bool:
    """Whether its key has come before, as far as that is committed; what `claim` says counts."""
    return await db.one(FIRST, asked.key) is not None


async def keep(asked: Asked, location: str) -> None:
    """Last in the transaction of the change. The oldest keys of one who has too many are forgotten."""
    await db.execute(KEEP, location, asked.key)
    await db.execute(TOO_MANY, asked.customer, asked.customer, MOST)


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
