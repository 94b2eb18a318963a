"""What a program asks twice under one `Idempotency-Key` is done once: the second time it gets the first answer
(draft-ietf-httpapi-idempotency-key-header).

The key and its effect are one transaction: what was refused leaves no trace, and its key may be sent again. Keys are each
API key's own.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import msgspec
from litestar import Request
from msgspec import Struct

from app import clock, db
from app.errors import Invalid, Refused
from app.merchants.guard import Program

SOUND = re.compile(r"[\x21-\x7e]{1,200}")
KEPT = timedelta(days=30)
BITE = 500  # rows of one statement
CLAIM = (
    "INSERT INTO program_answers (api_key, key, request, status, body, at) VALUES ({}, {}, {}, 0, '', {}) "
    "ON CONFLICT (api_key, key) DO NOTHING RETURNING id"
)
FIRST = "SELECT request, status, body FROM program_answers WHERE api_key = {} AND key = {}"
KEEP = "UPDATE program_answers SET status = {}, body = {} WHERE id = {}"
FORGET = "DELETE FROM program_answers WHERE id IN (SELECT id FROM program_answers WHERE at < {} ORDER BY id LIMIT {})"


class Answered(Struct, frozen=True):
    """A status and a body that names nobody, for it is kept; `again`: it was done before."""

    status: int
    body: bytes
    again: bool = False


Verb = Callable[[], Awaitable[tuple[int, Struct]]]


async def done(request: Request[Any, Program, Any], verb: Verb) -> Answered:
    """Raises what the verb raises, Refused (400) for what is no key, Invalid for one that came with something else."""
    key = request.headers.get("idempotency-key")
    if key is not None and not SOUND.fullmatch(key):
        raise Refused("That is no idempotency key: 1 to 200 characters of ASCII, without spaces", status=400)
    asked = await _digest(request)
    async with db.transaction():
        claimed = await db.execute(CLAIM, request.auth.key, key, asked, clock.now()) if key is not None else []
        if key is not None and not claimed:
            return await _first(request.auth.key, key, asked)
        status, said = await verb()
        body = msgspec.json.encode(said)
        if claimed:
            await db.execute(KEEP, status, body.decode(), claimed[0]["id"])
    return Answered(status, body)


async def _first(api_key: int, key: str, asked: str) -> Answered:
    (row,) = await db.rows(FIRST, api_key, key)
    if row["request"] != asked:
        raise Invalid("Something else was sent under the same idempotency key. Nothing was changed.")
    return Answered(row["status"], row["body"].encode(), again=True)


async def _digest(request: Request[Any, Program, Any]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in (request.method.encode(), request.scope["path"].encode(), await request.body()):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


async def forget() -> None:
    """A chore."""
    await db.execute(FORGET, clock.now() - KEPT, BITE)
