"""What a passkey is asked to sign (WebAuthn level 3, 13.4.3): random, for one purpose, good once, for five minutes."""

import secrets
from datetime import timedelta
from typing import Literal

from app import clock, db

LIFETIME = timedelta(minutes=5)
Purpose = Literal["adding", "signing_in", "factor", "proof"]


async def issue(purpose: Purpose, customer: int | None) -> str:
    """Base64url; `customer` is None where it is not known yet who will answer."""
    value, at = secrets.token_urlsafe(32), clock.now()
    await db.execute("DELETE FROM challenges WHERE expires_at <= {}", at)
    await db.insert("challenges", [{"value": value, "purpose": purpose, "customer": customer, "expires_at": at + LIFETIME}])
    return value


async def spend(value: str, purpose: Purpose, customer: int | None) -> bool:
    """Whether we have asked exactly this, and nobody has answered yet. Not to be called inside a transaction: a wrong answer
    uses the challenge up as well."""
    whose, args = ("customer IS NULL", []) if customer is None else ("customer = {}", [customer])
    spent = await db.execute(
        f"DELETE FROM challenges WHERE value = {{}} AND purpose = {{}} AND expires_at > {{}} AND {whose} RETURNING id",  # noqa: S608
        value[:64], purpose, clock.now(), *args,
    )  # fmt: skip
    return bool(spent)
