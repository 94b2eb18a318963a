"""Codes from an app on the phone: TOTP (RFC 6238), SHA-1, six digits, thirty seconds, as every such app understands it.

A code is good in its own step and in the one before and after (clocks differ); no step's code opens twice (RFC 6238, 5.2).
"""

from datetime import timedelta

import pyotp

from app import clock, db
from app.accounts import one_time_codes
from app.errors import Missing
from app.settings import settings
from app.tokens import seal, unseal

STEP = 30  # seconds
SKEW = 1  # steps
PURPOSE = "authenticator"
WAITS = timedelta(minutes=15)


async def begin(customer: int, session: int) -> str:
    """A new key, base 32, that counts for nothing until a first code confirms it, from the session in which it was shown.

    For a quarter of an hour it stays the same there, so that a page loaded twice shows the key that was put into the app.
    Another session never sees it: it might be a thief's. Raises Missing when there is an app in use.
    """
    kept = await db.one("SELECT sealed_key, confirmed, created_at FROM authenticators WHERE customer = {}", customer)
    if kept and kept["confirmed"]:
        raise Missing
    if kept and clock.now() - kept["created_at"] < WAITS and (key := _shown_in(session, kept["sealed_key"])):
        return key
    key = pyotp.random_base32()
    made = await db.execute(
        "INSERT INTO authenticators (customer, sealed_key, created_at, last_step, confirmed) VALUES ({}, {}, {}, 0, {}) "
        "ON CONFLICT (customer) DO UPDATE SET sealed_key = excluded.sealed_key, created_at = excluded.created_at, "
        "last_step = 0 WHERE NOT authenticators.confirmed RETURNING id",
        customer, seal(f"{session} {key}", PURPOSE), clock.now(), False,
    )  # fmt: skip
    if not made:
        raise Missing
    return key


def _shown_in(session: int, sealed: str) -> str:
    """The key that waits, if it was shown in that session; else an empty text."""
    whose, _space, key = unseal(sealed, PURPOSE).partition(" ")
    return key if whose == str(session) else ""


def address(key: str, email: str) -> str:
    """`otpauth://…`: what the QR code says."""
    return pyotp.TOTP(key).provisioning_uri(name=email, issuer_name=settings.name)


async def confirm(customer: int, session: int, code: str) -> bool:
    """Whether it is a code of the key that waits in that session."""
    kept = await db.one("SELECT sealed_key FROM authenticators WHERE customer = {} AND NOT confirmed", customer)
    key = _shown_in(session, kept["sealed_key"]) if kept else ""
    return bool(key) and await _spend(customer, key, code, confirmed=False)


async def spend(customer: int, code: str) -> bool:
    kept = await db.one("SELECT sealed_key FROM authenticators WHERE customer = {} AND confirmed", customer)
    return kept is not None and await _spend(customer, unseal(kept["sealed_key"], PURPOSE), code, confirmed=True)


async def remove(customer: int) -> bool:
    """Whether there was one in use."""
    gone = await db.execute("DELETE FROM authenticators WHERE customer = {} RETURNING confirmed", customer)
    return bool(gone and gone[0]["confirmed"])


async def _spend(customer: int, key: str, code: str, *, confirmed: bool) -> bool:
    """The step moves in one statement: of two requests with one code, one is let in."""
    digits, at = one_time_codes.digits(code), clock.now()
    step = step_of(key, digits, int(at.timestamp())) if digits else None
    if step is None:
        return False
    return bool(
        await db.execute(
            "UPDATE authenticators SET last_step = {}, used_at = {}, confirmed = {}, sealed_key = {} "
            "WHERE customer = {} AND confirmed = {} AND last_step < {} RETURNING id",
            step, at, True, seal(key, PURPOSE), customer, confirmed, step,
        )
    )  # fmt: skip


def step_of(key: str, digits: str, at: int) -> int | None:
    """The time step to which the code belongs, None when it is of none near `at` (Unix seconds)."""
    codes, now = pyotp.TOTP(key), at // STEP
    near = [step for step in range(now - SKEW, now + SKEW + 1) if pyotp.utils.strings_equal(codes.generate_otp(step), digits)]
    return near[-1] if near else None
