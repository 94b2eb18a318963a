"""Codes from an app on the phone: TOTP (RFC 6238), SHA-1, six digits, thirty seconds, as every such app understands it.

A code is good in its own step and in the one before and after (clocks differ); no step's code opens twice (RFC 6238, 5.2).
"""

import pyotp

from app import clock, db
from app.accounts import one_time_codes
from app.errors import Missing
from app.settings import settings
from app.tokens import seal, unseal

STEP = 30  # seconds
SKEW = 1  # steps
PURPOSE = "authenticator"


async def begin(customer: int) -> str:
    """A new key, base 32, that counts for nothing until a first code confirms it. One that waits already stays the same,
    so that a page loaded twice shows the key that was put into the app. Raises Missing when there is an app in use."""
    row = {"customer": customer, "sealed_key": seal(pyotp.random_base32(), PURPOSE), "created_at": clock.now()}
    await db.execute(
        "INSERT INTO authenticators (customer, sealed_key, created_at, last_step, confirmed) VALUES ({}, {}, {}, 0, {}) "
        "ON CONFLICT (customer) DO NOTHING",
        *row.values(), False,
    )  # fmt: skip
    kept = await db.one("SELECT sealed_key, confirmed FROM authenticators WHERE customer = {}", customer)
    if kept is None or kept["confirmed"]:
        raise Missing
    return unseal(kept["sealed_key"], PURPOSE)


def address(key: str, email: str) -> str:
    """`otpauth://…`: what the QR code says."""
    return pyotp.TOTP(key).provisioning_uri(name=email, issuer_name=settings.name)


async def confirm(customer: int, code: str) -> bool:
    return await _spend(customer, code, confirmed=False)


async def spend(customer: int, code: str) -> bool:
    return await _spend(customer, code, confirmed=True)


async def remove(customer: int) -> bool:
    """Whether there was one in use."""
    gone = await db.execute("DELETE FROM authenticators WHERE customer = {} RETURNING confirmed", customer)
    return bool(gone and gone[0]["confirmed"])


async def _spend(customer: int, code: str, *, confirmed: bool) -> bool:
    """The step moves in one statement: of two requests with one code, one is let in."""
    digits = one_time_codes.digits(code)
    found = await db.one("SELECT sealed_key FROM authenticators WHERE customer = {} AND confirmed = {}", customer, confirmed)
    if found is None or not digits:
        return False
    at = clock.now()
    step = step_of(unseal(found["sealed_key"], PURPOSE), digits, int(at.timestamp()))
    if step is None:
        return False
    return bool(
        await db.execute(
            "UPDATE authenticators SET last_step = {}, used_at = {}, confirmed = {} "
            "WHERE customer = {} AND confirmed = {} AND last_step < {} RETURNING id",
            step, at, True, customer, confirmed, step,
        )
    )  # fmt: skip


def step_of(key: str, digits: str, at: int) -> int | None:
    """The time step to which the code belongs, None when it is of none near `at` (Unix seconds)."""
    codes, now = pyotp.TOTP(key), at // STEP
    near = [step for step in range(now - SKEW, now + SKEW + 1) if pyotp.utils.strings_equal(codes.generate_otp(step), digits)]
    return near[-1] if near else None
