"""What is kept of mails that came in: that each lands once, what became of it, what was cut off."""

import time
from collections.abc import Collection, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

from msgspec import Struct

from app import clock, db
from app.inbox.kept import KeptThread
from app.inbox.mail_in.reading import Mail
from app.inbox.masked import Side
from app.shelves import NewFile
from app.tokens import hash_token

KNOWN = "SELECT state, reason FROM mails_in WHERE key = {}"
PUT = """
INSERT INTO mails_in (key, message_id, state, reason, thread, merchant, side, sender, sender_name, subject, text, cut, untaken,
  proof, at)
VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}) ON CONFLICT (key) DO NOTHING RETURNING id
"""
OF_MESSAGES = "SELECT message, cut, untaken, proof FROM mails_in WHERE message IN"
# What was refused says something for a while, what nobody has decided on is given up, with its files.
REFUSED_KEPT, WAITING_KEPT = timedelta(days=90), timedelta(days=30)
EVERY = 3600  # seconds, in each process
BITE = 200  # mails of one transaction
OLD = """
SELECT id FROM mails_in WHERE (state IN ('refused', 'discarded') AND at <= {}) OR (state = 'waiting' AND at <= {}) LIMIT {}
"""

_due = 0.0  # by this process's own clock


class Landed(Struct, frozen=True):
    """Of a message that came by mail: what was cut off, the names of files that were not taken, what its signature proves."""

    cut: str
    untaken: str
    proof: str


class What(Struct, frozen=True, kw_only=True):
    """Columns of `MailIn`, as far as they are known when it comes in."""

    state: str
    reason: str = ""
    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    text: str = ""
    cut: str = ""
    untaken: str = ""
    proof: str = ""


def key_of(mail: Mail, raw: bytes, code: str, side: Side) -> str:
    """Who names no id is told apart by all that it says."""
    return hash_token(f"{mail.message_id or sha256(raw).hexdigest()} {code} {side}")


async def known(key: str) -> tuple[str, str] | None:
    """What became of it, when it has come before."""
    row = await db.one(KNOWN, key)
    return (row["state"], row["reason"]) if row else None


async def put(it: KeptThread, side: Side, key: str, message_id: str, what: What) -> int | None:
    """Its number; None when it has come before."""
    found = await db.execute(
        PUT, key, message_id, what.state, what.reason, it.id, it.merchant, side, what.sender, what.sender_name, what.subject,
        what.text, what.cut, what.untaken, what.proof, clock.now(),
    )  # fmt: skip
    return int(found[0]["id"]) if found else None


async def became(number: int, message: int) -> None:
    await db.execute("UPDATE mails_in SET message = {} WHERE id = {}", message, number)


async def with_files(number: int, files: Sequence[NewFile]) -> None:
    rows: list[dict[str, Any]] = [
        {"mail": number, "name": one.name, "title": one.title, "media_type": one.media_type, "size": one.size} for one in files
    ]
    await db.insert("mail_in_files", rows)


async def of(messages: Collection[int]) -> dict[int, Landed]:
    """By message."""
    if not messages:
        return {}
    found = await db.rows(f"{OF_MESSAGES} ({db.marks(len(messages))})", *messages)
    return {row["message"]: Landed(row["cut"], row["untaken"], row["proof"]) for row in found}


async def forget() -> None:
    """A chore: looks at the time and goes, but for once an hour; it comes back sooner while there is more to forget."""
    global _due
    if time.monotonic() < _due:
        return
    if await bite() < BITE:
        _due = time.monotonic() + EVERY


async def bite() -> int:
    """How many mails it has taken away. Files go when no row names them any more (see `app/shelves.py`)."""
    at = clock.now()
    asked = (OLD, at - REFUSED_KEPT, at - WAITING_KEPT, BITE)
    if not await db.scan(*asked):
        return 0
    async with db.transaction():
        old = [row["id"] for row in await db.rows(*asked)]
        if old:
            for table, column in (("mail_in_files", "mail"), ("mails_in", "id")):
                await db.execute(f"DELETE FROM {table} WHERE {column} IN ({db.marks(len(old))})", *old)  # noqa: S608
        return len(old)
