"""Mailed links to choose a new password: half an hour, one use. An older one stays good while a newer is on its way, so that
a stranger who asks again and again takes nothing from the owner."""

from datetime import timedelta

from msgspec import Struct

from app import clock, db
from app.tokens import hash_token, new_token

LIFETIME = timedelta(minutes=30)

# One statement, which for an address without an account makes no row: it costs the same.
MAKE = """
INSERT INTO password_links (customer, token_hash, expires_at) SELECT id, {}, {} FROM customers WHERE email = {}
"""
OWNER = """
SELECT c.id, c.email, c.name FROM password_links l JOIN customers c ON c.id = l.customer
WHERE l.token_hash = {} AND l.used_at IS NULL AND l.expires_at > {}
"""


class Owner(Struct, frozen=True):
    """Whose password it is."""

    id: int
    email: str
    name: str


async def make(email: str) -> str:
    """The token, which is worth nothing where there is no account."""
    token, at = new_token(), clock.now()
    await db.execute("DELETE FROM password_links WHERE expires_at <= {}", at)
    await db.execute(MAKE, hash_token(token), at + LIFETIME, email)
    return token


async def owner(token: str) -> Owner | None:
    """None when the link is used, too old or not ours. Looking does not use it up."""
    found = await db.one(OWNER, hash_token(token), clock.now())
    return Owner(**found) if found else None


async def spend(token: str) -> bool:
    """Once."""
    at = clock.now()
    used = await db.execute(
        "UPDATE password_links SET used_at = {} WHERE token_hash = {} AND used_at IS NULL AND expires_at > {} RETURNING id",
        at, hash_token(token), at,
    )  # fmt: skip
    return bool(used)


async def end_all(customer: int) -> None:
    await db.execute("UPDATE password_links SET used_at = {} WHERE customer = {} AND used_at IS NULL", clock.now(), customer)
