"""Who may bring news to a merchant: a kind of sender, and the secret with which it signs."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from app import clock, db
from app.errors import Invalid, Missing, Refused
from app.merchants import actions as merchants
from app.tokens import new_token, seal, unseal
from app.tracking.messages import Sent
from app.tracking.signatures import CHECKS, Forged

PURPOSE = "tracking source"
SHORTEST, LONGEST = 8, 400  # characters of a secret; some senders let people choose it
USED_EVERY = timedelta(hours=1)
FIND = """
SELECT s.id, s.merchant, s.sealed_secret, s.used_at, m.slug, m.time_zone FROM tracking_sources s
JOIN merchants m ON m.id = s.merchant WHERE m.slug = {} AND s.source = {}
"""
KEEP = """
INSERT INTO tracking_sources (merchant, source, sealed_secret, created_at, unmatched, unmatched_number)
VALUES ({}, {}, {}, {}, 0, '') ON CONFLICT (merchant, source) DO UPDATE
SET sealed_secret = excluded.sealed_secret, created_at = excluded.created_at
"""
LIST = """
SELECT m.slug AS merchant, s.source, s.created_at, s.used_at, s.unmatched, s.unmatched_number
FROM tracking_sources s JOIN merchants m ON m.id = s.merchant ORDER BY m.slug, s.source
"""


class Sender(Struct, frozen=True):
    """Who is who they say: `id` of the sender's row, `merchant` and `slug` of whom it tells. `signed_at` where it is known."""

    id: int
    merchant: int
    slug: str
    zone: str
    signed_at: datetime | None


async def add(slug: str, source: str, secret: str = "") -> str:
    """The secret, made when none is given; it replaces an earlier one. Raises Missing (merchant), Invalid."""
    merchant = await merchants.by_slug(slug)
    if merchant is None:
        raise Missing
    if source not in CHECKS:
        raise Invalid(source=f"“{source}” is none of {', '.join(CHECKS)}")
    if secret and not SHORTEST <= len(secret) <= LONGEST:
        raise Invalid(secret=f"a secret has {SHORTEST} to {LONGEST} characters")
    secret = secret or new_token()
    await db.execute(KEEP, merchant["id"], source, seal(secret, PURPOSE), clock.now())
    return secret


async def remove(slug: str, source: str) -> None:
    """Its messages are refused from now on. Raises Missing."""
    found = await db.one(FIND, slug, source)
    if found is None:
        raise Missing
    async with db.transaction():
        await db.execute("DELETE FROM tracking_messages WHERE source = {}", found["id"])
        await db.execute("DELETE FROM tracking_sources WHERE id = {}", found["id"])


async def everywhere() -> Sequence[db.Row]:
    return await db.rows(LIST)


async def genuine(slug: str, source: str, sent: Sent) -> Sender:
    """Raises Missing for a kind of sender that nobody knows; Refused (401) alike for a wrong signature, for a merchant that is
    not there and for one that does not use this sender: who is here is not told to strangers."""
    if source not in CHECKS:
        raise Missing
    found = await db.one(FIND, slug, source) if merchants.SLUG.fullmatch(slug) else None
    try:
        if found is None:
            raise Forged
        signed_at = CHECKS[source](sent, unseal(found["sealed_secret"], PURPOSE))
    except (Forged, ValueError) as error:
        raise Refused("The signature is missing or does not fit the secret that is kept here", status=401) from error
    at = clock.now()
    if found["used_at"] is None or at - found["used_at"] >= USED_EVERY:
        await db.execute("UPDATE tracking_sources SET used_at = {} WHERE id = {}", at, found["id"])
    return Sender(found["id"], found["merchant"], found["slug"], found["time_zone"], signed_at)
