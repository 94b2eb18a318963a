"""A message has its effect once: sent again, by a sender in doubt or by whoever has kept it, it gets the first answer.

Known again it is by what the signature covers: the sender's id in the body, else a digest of the body. An id that stands in
a header only (Shopify's) would let anybody send an old body as a new message; it tells apart only what may be meant again in
the very same words (`shopify/returns.py`). What was signed longer ago than `OLDEST` is
refused, where the time is signed too; ids are kept longer than that, so no message falls between the two. Senders try again
for three days at most (AfterShip; Shopify four hours, EasyPost six times).
"""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Literal

from msgspec import Struct

from app import clock, db
from app.errors import Refused

OLDEST = timedelta(days=4)
AHEAD = timedelta(minutes=10)  # that a sender's clock may be before ours
KEPT = timedelta(days=30)
LONGEST_ID = 120
Result = Literal["taken", "unchanged", "unmatched", "ignored", "refused"]
CLAIM = (
    "INSERT INTO tracking_messages (source, external_id, result, received_at) VALUES ({}, {}, 'taken', {}) "
    "ON CONFLICT (source, external_id) DO NOTHING RETURNING id"
)
FIRST = "SELECT result FROM tracking_messages WHERE source = {} AND external_id = {}"


class Receipt(Struct, frozen=True, omit_defaults=True):
    """`unmatched`: no order here has such a parcel; nothing was done, and it may be sent again. `repeated`: had been taken.
    `refused` says the `reason`."""

    result: Result
    repeated: bool = False
    reason: str = ""


def identity(id_: str, *signed: bytes) -> str:
    """`signed` are the bytes that a message without an id is known by."""
    if id_ and len(id_) <= LONGEST_ID:
        return f"id:{id_}"
    digest = hashlib.blake2b(digest_size=24)
    for part in (id_.encode(), *signed):
        digest.update(len(part).to_bytes(8, "big") + part)
    return f"digest:{digest.hexdigest()}"


def check_age(*times: datetime | None) -> None:
    """Raises Refused (400)."""
    now = clock.now()
    for at in filter(None, times):
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        if not now - OLDEST <= at <= now + AHEAD:
            raise Refused(f"This was signed at {at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC: too far from now", status=400)


async def once(source: int, external_id: str, verb: Callable[[], Awaitable[Result]]) -> Receipt:
    """What the verb raises leaves no trace: the message may come again."""
    async with db.transaction():
        claimed = await db.execute(CLAIM, source, external_id, clock.now())
        if not claimed:
            row = await db.one(FIRST, source, external_id)
            return Receipt(row["result"] if row else "unchanged", repeated=True)
        result = await verb()
        await db.execute("UPDATE tracking_messages SET result = {} WHERE id = {}", result, claimed[0]["id"])
    return Receipt(result)


async def unmatched(source: int, number: str) -> Receipt:
    """Counted for the operator, and not kept as received."""
    await db.execute(
        "UPDATE tracking_sources SET unmatched = unmatched + 1, unmatched_number = {} WHERE id = {}", number[:200], source
    )
    return Receipt("unmatched")


async def forget() -> None:
    """A chore."""
    await db.execute("DELETE FROM tracking_messages WHERE received_at < {}", clock.now() - KEPT)
