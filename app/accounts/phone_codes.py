"""Six digits by text message: ten minutes, five tries, one use; for one customer and one number, the newest alone."""

import hmac
import secrets
from datetime import timedelta

from app import clock, db
from app.tokens import hash_secret

LIFETIME = timedelta(minutes=10)
MOST_TRIES = 5
PURPOSE = "telephone code"

# One statement, so that guesses sent at the same moment cannot be more than five.
COUNT_TRY = """
UPDATE phone_codes SET tries = tries + 1
WHERE customer = {} AND phone = {} AND tries < {} AND expires_at > {}
RETURNING id, code_hash
"""


async def issue(customer: int, phone: str) -> str:
    """In a transaction: the code takes the place of the one before."""
    code, at = f"{secrets.randbelow(1_000_000):06d}", clock.now()
    await db.execute("DELETE FROM phone_codes WHERE customer = {} OR expires_at <= {}", customer, at)
    row = {
        "customer": customer, "phone": phone, "code_hash": _hash(customer, phone, code), "tries": 0,
        "expires_at": at + LIFETIME,
    }  # fmt: skip
    await db.insert("phone_codes", [row])
    return code


async def spend(customer: int, phone: str, code: str) -> bool:
    """Whether it is the code, once. Not to be called inside a transaction: a wrong try must stay counted."""
    wanted = _hash(customer, phone, code)
    for row in await db.execute(COUNT_TRY, customer, phone, MOST_TRIES, clock.now()):
        if hmac.compare_digest(row["code_hash"], wanted):
            return bool(
                await db.execute("DELETE FROM phone_codes WHERE id = {} AND customer = {} RETURNING id", row["id"], customer)
            )
    return False


async def forget(customer: int) -> None:
    await db.execute("DELETE FROM phone_codes WHERE customer = {}", customer)


def _hash(customer: int, phone: str, code: str) -> str:
    return hash_secret(f"{customer}\0{phone}\0{code}", PURPOSE)
