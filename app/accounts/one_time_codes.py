"""Six digits by mail: ten minutes, five tries, one use. Bound to the address and to the browser that asked.

A browser remembers the id of the newest code it asked for, and only that one counts there. What is asked for from elsewhere
takes nothing away: else a stranger could keep the owner out by asking again and again.
"""

import hmac
import re
import secrets
from datetime import timedelta
from typing import Literal

from app import clock, db
from app.tokens import hash_secret

LIFETIME = timedelta(minutes=10)
KEPT = timedelta(hours=2)  # longer than a browser remembers that it asked: SQLite gives a deleted row's id away again
MOST_TRIES = 5
Purpose = Literal["sign-in code", "proof code"]  # neither is good for the other

# One statement, so that guesses sent at the same moment cannot be more than five.
COUNT_TRY = """
UPDATE sign_in_codes SET tries = tries + 1
WHERE email = {} AND id = {} AND tries < {} AND expires_at > {}
RETURNING id, code_hash
"""


async def issue(email: str, purpose: Purpose = "sign-in code") -> tuple[int, str]:
    """A new code and its id. The same work whether there is an account or not."""
    code, at = f"{secrets.randbelow(1_000_000):06d}", clock.now()
    row = {"email": email, "code_hash": _hash(email, code, purpose), "tries": 0, "created_at": at, "expires_at": at + LIFETIME}
    await db.execute("DELETE FROM sign_in_codes WHERE expires_at <= {}", at - KEPT)
    made = await db.insert("sign_in_codes", [row], "id")
    return made[0]["id"], code


async def spend(email: str, code: str, code_id: int, purpose: Purpose = "sign-in code") -> bool:
    """Whether this code is right, once. Not to be called inside a transaction: a wrong try must stay counted.

    `code_id` comes from the browser that asked: a stranger cannot use up the tries of somebody else's code.
    """
    at = clock.now()
    counted = await db.execute(COUNT_TRY, email, code_id, MOST_TRIES, at)
    if not counted or not hmac.compare_digest(counted[0]["code_hash"], _hash(email, code, purpose)):
        return False
    return bool(
        await db.execute("UPDATE sign_in_codes SET used_at = {} WHERE id = {} AND used_at IS NULL RETURNING id", at, code_id)
    )


def digits(typed: str) -> str:
    """The six of them, whatever blanks and hyphens stand between; empty when it is no such code."""
    found = re.sub(r"[\s-]", "", typed)
    return found if re.fullmatch(r"[0-9]{6}", found) else ""


def _hash(email: str, code: str, purpose: Purpose) -> str:
    return hash_secret(f"{email}\0{code}", purpose)
