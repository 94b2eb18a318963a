"""Browsers that a customer has signed in on: known by a token in a cookie of its own, which outlives every session.

A known browser causes no alert, and the limits at the door count it apart: a stranger's tries never shut its owner out.
A trusted one is let in without the second factor.
"""

from collections.abc import Sequence
from datetime import timedelta

from app import clock, db
from app.settings import settings
from app.tokens import hash_token, new_token

TRUSTED_FOR = timedelta(days=30)
COOKIE_LIFETIME = 400 * 86_400  # seconds; browsers keep no cookie longer


def cookie_name() -> str:
    return "__Host-device" if settings.secure else "device"


async def known(customer: int, token: str) -> db.Row | None:
    """`id` and whether it is `trusted` now; None when the customer never signed in on it."""
    found = await db.one(
        "SELECT id, trusted_until FROM devices WHERE customer = {} AND token_hash = {}", customer, hash_token(token)
    )
    if found is None or not token:
        return None
    until = found["trusted_until"]
    return {"id": found["id"], "trusted": until is not None and until > clock.now()}


async def others(customer: int, token: str) -> bool:
    """Whether anybody else was ever signed in on the browser with that token."""
    found = await db.rows(
        "SELECT id FROM devices WHERE token_hash = {} AND customer <> {} LIMIT 1", hash_token(token), customer
    )
    return bool(token and found)


async def renew(token: str) -> str:
    """A new token for a browser that brings this one, or none: who planted or noted the old one knows nothing afterwards.

    Everybody who was known on that browser stays known there.
    """
    fresh = new_token()
    if token:
        await db.execute("UPDATE devices SET token_hash = {} WHERE token_hash = {}", hash_token(fresh), hash_token(token))
    return fresh


async def remember(customer: int, token: str, user_agent: str, *, trusted: bool = False) -> int:
    """Its id. A browser that is trusted already stays so until its day, unless it is trusted anew."""
    at = clock.now()
    row = {
        "customer": customer, "token_hash": hash_token(token), "user_agent": user_agent, "created_at": at,
        "trusted_until": at + TRUSTED_FOR if trusted else None,
    }  # fmt: skip
    columns = ", ".join(row)
    found = await db.execute(
        f"INSERT INTO devices ({columns}) VALUES ({db.marks(len(row))}) ON CONFLICT (customer, token_hash) DO UPDATE SET "  # noqa: S608
        "user_agent = excluded.user_agent, trusted_until = coalesce(excluded.trusted_until, devices.trusted_until) "
        "RETURNING id",
        *row.values(),
    )
    device: int = found[0]["id"]
    return device


async def distrust(customer: int, device: int) -> bool:
    """Whether there was such a trusted browser of theirs."""
    gone = await db.execute(
        "UPDATE devices SET trusted_until = NULL WHERE id = {} AND customer = {} AND trusted_until IS NOT NULL RETURNING id",
        device,
        customer,
    )
    return bool(gone)


async def distrust_all(customer: int, *, but: int = 0) -> bool:
    """`but` is the one from which it is asked for. Whether there was any."""
    gone = await db.execute(
        "UPDATE devices SET trusted_until = NULL WHERE customer = {} AND id <> {} AND trusted_until IS NOT NULL RETURNING id",
        customer, but,
    )  # fmt: skip
    return bool(gone)


async def trusting(token: str) -> Sequence[db.Row]:
    """Those who trust the browser with that token: `id`, `customer` and `user_agent` of theirs."""
    if not token:
        return ()
    return await db.rows(
        "SELECT id, customer, user_agent FROM devices WHERE token_hash = {} AND trusted_until IS NOT NULL ORDER BY id",
        hash_token(token),
    )
