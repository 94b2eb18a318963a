"""Mails that a change causes: written down in its transaction, sent when it is over, tried again when that fails.

Each has a short code of its own, by which whoever got it can ask whether it is ours. What it says is kept sealed, and only
until it has gone out.
"""

import logging
import secrets
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

import msgspec

from app import clock, db
from app.i18n import Voice
from app.mail import outbox
from app.mail.refusals import Unsent, without_addresses
from app.tokens import hash_secret, seal, unseal

log = logging.getLogger(__name__)
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that looks like something else
LENGTH = 8  # 39 bits, and every wrong guess is counted
PURPOSE = "letter"
MOST_ATTEMPTS = 12
REFUSED = MOST_ATTEMPTS + 1  # attempts of one that was refused for good, and was not tried so often
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=6)
LEASE = timedelta(seconds=outbox.AT_LONGEST + 60)
AT_ONCE = 20
LATE, LATELY = timedelta(minutes=10), timedelta(days=7)
KEPT, UNSENT_KEPT = timedelta(days=365), timedelta(days=30)  # of one that is out, its kind, its time and its code

# In a request, or whatever else ends with `post`: what was written down in it.
written: ContextVar[list[str]] = ContextVar("written")

# Claimed before it is sent: of several processes one sends it. Should that one die, the end of the claim brings it up again.
CLAIM = """
UPDATE letters SET attempts = attempts + 1, next_try_at = {}
WHERE id = {} AND attempts = {} AND sent_at IS NULL RETURNING id
"""
FAILED = """
UPDATE letters SET last_error = {}, attempts = {}, next_try_at = {} WHERE id = {} AND attempts = {} AND sent_at IS NULL
"""


async def write(email: str, kind: str, voice: Voice, /, **context: Any) -> None:
    """`kind` is a folder of templates/emails. To be called in the transaction of the change that it tells of. `attachments`:
    see `outbox.compose`."""
    row = {
        "code": "".join(secrets.choice(ALPHABET) for _ in range(LENGTH)), "kind": kind, "email": email,
        "locale": voice.locale, "zone": voice.zone, "context": seal(msgspec.json.encode(context).decode(), PURPOSE),
        "written_at": clock.now(),
    }  # fmt: skip
    await db.insert("letters", [row])
    written.get([]).append(kind)


async def vouch(kind: str, name: str) -> str:
    """A code, as it is shown, for a mail that is sent another way than as a letter: who asks hears that it is ours.

    The same `name` has the same code, and one row, however often it is tried to send it.
    """
    number, code, at = int(hash_secret(name, PURPOSE), 16), "", clock.now()
    for _place in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        code += ALPHABET[rest]
    await db.execute(
        "INSERT INTO letters (code, kind, email, locale, zone, context, written_at, sent_at, attempts, last_error) "
        "VALUES ({}, {}, '', '', '', '', {}, {}, 1, '') ON CONFLICT (code) DO NOTHING", code, kind, at, at,
    )  # fmt: skip
    return shown(code)


async def post() -> None:
    """Sends what is due, what is new first: somebody may be waiting for a code behind all that could not be sent before."""
    at = clock.now()
    due = await db.rows(
        "SELECT * FROM letters WHERE sent_at IS NULL AND attempts < {} AND (next_try_at IS NULL OR next_try_at <= {}) "
        "ORDER BY attempts, id LIMIT {}",
        MOST_ATTEMPTS, at, AT_ONCE,
    )  # fmt: skip
    for letter in due:
        if await db.execute(CLAIM, clock.now() + LEASE, letter["id"], letter["attempts"]):
            await _send(letter)


async def _send(letter: db.Row) -> None:
    try:
        context = msgspec.json.decode(unseal(letter["context"], PURPOSE))
        voice = Voice(letter["locale"], letter["zone"])
        said = {"phrase": "", **context, "mail_code": shown(letter["code"])}
        await outbox.send(letter["email"], letter["kind"], voice, **said)
    except Exception as error:  # kept with the letter; the others behind it are not to wait for it
        await _failed(letter, error)
        return
    await db.execute(
        "UPDATE letters SET sent_at = {}, email = '', context = '', last_error = '' WHERE id = {}", clock.now(), letter["id"]
    )


async def _failed(letter: db.Row, error: Exception) -> None:
    """The waits double: half a minute, a minute, … six hours. What was refused for good is not asked again."""
    fault, tries = f"{type(error).__name__}: {error}"[:500], letter["attempts"] + 1
    log.error("a mail (%s) could not be sent: %s", letter["kind"], without_addresses(fault))
    attempts = REFUSED if isinstance(error, Unsent) and error.of != "now" else tries
    next_try = clock.now() + min(FIRST_WAIT * 2 ** letter["attempts"], LONGEST_WAIT)
    await db.execute(FAILED, fault, attempts, next_try, letter["id"], tries)


async def stuck() -> tuple[int, int]:
    """How many have been waiting for too long, and how many were given up lately. An address that takes no mail is nobody's
    fault here: everybody may type one."""
    at = clock.now()
    late = "sent_at IS NULL AND attempts < {} AND COALESCE(next_try_at, written_at) <= {}"
    failed = "sent_at IS NULL AND attempts = {} AND next_try_at >= {}"
    counted = [
        (await db.scan(f"SELECT count(*) AS n FROM letters WHERE {which}", MOST_ATTEMPTS, since))[0]["n"]  # noqa: S608
        for which, since in ((late, at - LATE), (failed, at - LATELY))
    ]
    return counted[0], counted[1]


async def forget(most: int) -> int:
    """Some of those that nobody will ask for any more, and of those that could not be sent; how many it were."""
    at = clock.now()
    gone = await db.scan(
        "SELECT id FROM letters WHERE written_at <= {} AND (sent_at IS NULL OR written_at <= {}) LIMIT {}",
        at - UNSENT_KEPT, at - KEPT, most,
    )  # fmt: skip
    if gone:
        await db.execute(f"DELETE FROM letters WHERE id IN ({db.marks(len(gone))})", *(row["id"] for row in gone))  # noqa: S608
    return len(gone)


async def known(typed: str) -> db.Row | None:
    """Kind and time of the mail that has this code; None when none of ours has."""
    code = normal(typed)
    if len(code) != LENGTH:
        return None
    return await db.one("SELECT kind, written_at FROM letters WHERE code = {}", code)


def normal(typed: str) -> str:
    return "".join(letter for letter in typed.upper() if letter in ALPHABET)


def shown(code: str) -> str:
    """“K7QM-2XRD”."""
    return f"{code[:4]}-{code[4:]}"
