"""Who is asking, for programs: a merchant's API key (RFC 6750), and how often it may ask. One query a request."""

from datetime import datetime, timedelta
from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from msgspec import Struct

from app import clock, db
from app.merchants.actions import KEY_PREFIX
from app.tokens import hash_token
from app.web.limits import Buckets

CHALLENGE = 'Bearer realm="Comptoir API"'
PROGRAM = """
SELECT k.id AS key, k.used_at, m.id AS merchant, m.slug FROM api_keys k JOIN merchants m ON m.id = k.merchant
WHERE k.key_hash = {} AND k.revoked_at IS NULL
"""
USED_EVERY = timedelta(hours=1)
uses: dict[int, datetime] = {}  # by key, until they are written
buckets = Buckets(rate=50, burst=200)  # of one key, in each worker


class Program(Struct, frozen=True):
    """Whose program it is; handlers find it in `request.auth`. `key` and `merchant` are row ids."""

    key: int
    merchant: int
    slug: str


async def api_key(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard: raises NotAuthorizedException without a key that is valid, Refused (429) with one that is used too often."""
    said = connection.headers.get("authorization", "")
    if not said:
        raise NotAuthorizedException("This needs a merchant's API key", headers={"WWW-Authenticate": CHALLENGE})
    program = await _program(said)
    if program is None:
        challenge = f'{CHALLENGE}, error="invalid_token"'
        raise NotAuthorizedException("The API key is unknown or was revoked", headers={"WWW-Authenticate": challenge})
    buckets.take(str(program.key))
    connection.scope["auth"] = program


async def _program(authorization: str) -> Program | None:
    scheme, _, key = authorization.partition(" ")
    key = key.strip()
    if scheme.lower() != "bearer" or not key.startswith(KEY_PREFIX):
        return None
    found = await db.one(PROGRAM, hash_token(key))
    if found is None:
        return None
    at, before = clock.now(), found["used_at"]
    if before is None or at - before >= USED_EVERY:
        uses[found["key"]] = at
    return Program(found["key"], found["merchant"], found["slug"])


async def write_uses() -> None:
    """A chore, once an hour for each key that is in use: to be let in waits for no writer."""
    while uses:
        key, at = uses.popitem()
        await db.execute("UPDATE api_keys SET used_at = {} WHERE id = {}", at, key)
