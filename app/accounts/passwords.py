"""Passwords: argon2id (RFC 9106) with the library's parameters, two at a time, off the event loop.

64 MiB each: more at once would let a crowd at the door take the machine's memory.
"""

import asyncio
import secrets
import unicodedata
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import Invalid
from app.i18n import _

Made = TypeVar("Made")
HASHER = PasswordHasher()
THREADS = ThreadPoolExecutor(2, "argon2")
FEWEST, MOST = 10, 200  # characters


def _random(length: int) -> str:
    return b64encode(secrets.token_bytes(length)).decode().rstrip("=")


# No password has this hash, and to find that out takes as long as with a real one.
DUMMY = (
    f"$argon2id$v=19$m={HASHER.memory_cost},t={HASHER.time_cost},p={HASHER.parallelism}"
    f"${_random(HASHER.salt_len)}${_random(HASHER.hash_len)}"
)


def normal(password: str) -> str:
    """NFKC: the same word typed on another keyboard is the same password (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def check_new(password: str, email: str) -> str:
    """The password as it will be hashed; raises Invalid(new_password=…)."""
    if len(password) > MOST:
        raise Invalid(new_password=_("At most {most} characters, please.").format(most=MOST))
    password = normal(password)
    if len(password) < FEWEST:
        raise Invalid(new_password=_("At least {fewest} characters, please.").format(fewest=FEWEST))
    if password.strip().casefold() == email:
        raise Invalid(new_password=_("Your e-mail address is the first thing somebody would try."))
    return password


async def hashed(password: str) -> str:
    return await _in_thread(lambda: HASHER.hash(normal(password)))


async def matches(kept: str, password: str) -> bool:
    """`kept` is the stored hash; without one the same work is done on a dummy, and the answer is no."""
    possible = bool(kept) and len(password) <= MOST
    against, typed = kept if possible else DUMMY, normal(password[:MOST])
    right = await _in_thread(lambda: _verify(against, typed))
    return possible and right


def outdated(kept: str) -> bool:
    """Whether it was made with other parameters than today's."""
    return HASHER.check_needs_rehash(kept)


def _verify(kept: str, password: str) -> bool:
    try:
        return HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


async def _in_thread(work: Callable[[], Made]) -> Made:
    return await asyncio.get_running_loop().run_in_executor(THREADS, work)
