"""Ten codes for the day on which the phone is lost: shown once, each good once, kept as keyed hashes."""

import re
import secrets

from app import clock, db
from app.tokens import hash_secret

COUNT, LENGTH = 10, 10
# Crockford's base 32: no letter that looks like a digit or like another one. Ten of them hold 50 bits.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
ALIKE = str.maketrans("oil", "011")
PURPOSE = "recovery code"


async def make(customer: int) -> list[str]:
    """Ten new ones, such as “7kq2m-x4r9d”; the ones before are worth nothing from now on. Inside a transaction."""
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(COUNT)]
    at = clock.now()
    await db.execute("DELETE FROM recovery_codes WHERE customer = {}", customer)
    await db.insert(
        "recovery_codes",
        [{"customer": customer, "position": n, "code_hash": _hash(customer, code), "created_at": at}
         for n, code in enumerate(codes, 1)],
    )  # fmt: skip
    return [f"{code[:5]}-{code[5:]}" for code in codes]


async def spend(customer: int, typed: str) -> bool:
    code = normal(typed)
    if len(code) != LENGTH:
        return False
    return bool(
        await db.execute(
            "UPDATE recovery_codes SET used_at = {} WHERE customer = {} AND code_hash = {} AND used_at IS NULL RETURNING id",
            clock.now(), customer, _hash(customer, code),
        )
    )  # fmt: skip


async def left(customer: int) -> int:
    found = await db.one("SELECT count(*) AS many FROM recovery_codes WHERE customer = {} AND used_at IS NULL", customer)
    return found["many"] if found else 0


async def remove(customer: int) -> None:
    await db.execute("DELETE FROM recovery_codes WHERE customer = {}", customer)


def normal(typed: str) -> str:
    """As it was made, whatever was put between the letters, and however they were read."""
    return re.sub(r"[^0-9a-z]", "", typed.lower()[:100]).translate(ALIKE)


def _hash(customer: int, code: str) -> str:
    return hash_secret(f"{customer}\0{code}", PURPOSE)
