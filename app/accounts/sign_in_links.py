"""Links that the shell makes for the operator: fifteen minutes, one use."""

from datetime import timedelta

from app import clock, db
from app.tokens import hash_token, new_token

LIFETIME = timedelta(minutes=15)

OWNER = """
SELECT c.id, c.email FROM sign_in_links l JOIN customers c ON c.id = l.customer
WHERE l.token_hash = {} AND l.used_at IS NULL AND l.expires_at > {}
"""


async def make(customer: int) -> str:
    token, at = new_token(), clock.now()
    await db.execute("DELETE FROM sign_in_links WHERE expires_at <= {}", at)
    row = {"customer": customer, "token_hash": hash_token(token), "expires_at": at + LIFETIME}
    await db.insert("sign_in_links", [row])
    return token


async def email_of(token: str) -> str:
    """Whom a link would let in; an empty text when it is used, too old or not ours. Looking does not use it up."""
    found = await _owner(token)
    return found["email"] if found else ""


async def owner(token: str) -> int | None:
    """The same one's id."""
    found = await _owner(token)
    return found["id"] if found else None


async def spend(token: str) -> bool:
    """Once."""
    at = clock.now()
    used = await db.execute(
        "UPDATE sign_in_links SET used_at = {} WHERE token_hash = {} AND used_at IS NULL AND expires_at > {} RETURNING id",
        at, hash_token(token), at,
    )  # fmt: skip
    return bool(used)


async def end_all(customer: int) -> None:
    await db.execute("UPDATE sign_in_links SET used_at = {} WHERE customer = {} AND used_at IS NULL", clock.now(), customer)


async def _owner(token: str) -> db.Row | None:
    return await db.one(OWNER, hash_token(token), clock.now())
