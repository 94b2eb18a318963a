"""Refunds that were decided here, told apart from those that a source reports."""

import hashlib
import secrets

OWN = "counter:"
GIVEN_THERE = "given there"  # why one is not made: the shop has given this money back by itself


def new_code() -> str:
    """By which a provider knows a refund, whatever happens to us in between: made once, kept with the row."""
    return secrets.token_hex(16)


def code_of(order: int, key: str, nth: int) -> str:
    """The same for the same request: said again, it is found."""
    return hashlib.blake2b(f"{order}\0{nth}\0{key}".encode(), digest_size=16).hexdigest()


def own_id(code: str) -> str:
    """The `external_id` of a refund that no source has named yet."""
    return f"{OWN}{code}"


def is_own(external_id: str) -> bool:
    return external_id.startswith(OWN)
