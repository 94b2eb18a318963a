"""The last part of an order's URL: its number, made unambiguous among its customer's orders, and then kept for ever.

Numbers are unique within a merchant only. The first order of a customer with a number has it as its address; another
merchant's order with the same number has the merchant's short name behind it ("1001.alpages").
"""

import hashlib
import re
from collections.abc import Sequence

from msgspec import Struct

from app import db

UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
RESERVED = frozenset(("export", "spending"))  # our own pages under /orders


class Wanted(Struct, frozen=True):
    customer: int
    number: str
    merchant: str  # slug
    external_id: str


def candidates(wanted: Wanted) -> tuple[str, str, str]:
    """In order of liking; the last holds a hash of merchant and external id and so cannot be another order's."""
    plain = UNSAFE.sub("-", wanted.number).strip("-")[:60] or "order"
    if plain.lower() in RESERVED:
        plain = f"{plain}-"
    identity = hashlib.sha256(f"{wanted.merchant}\0{wanted.external_id}".encode()).hexdigest()[:10]
    return plain, f"{plain}.{wanted.merchant}", f"{plain}.{wanted.merchant}.{identity}"


async def give(orders: Sequence[Wanted]) -> list[str]:
    """An address for each, in order. The customers' rows are locked by the caller."""
    options = [candidates(wanted) for wanted in orders]
    names = sorted({name for option in options for name in option})
    customers = sorted({wanted.customer for wanted in orders})
    found = await db.scan(
        f"SELECT customer, address FROM orders WHERE customer IN ({db.marks(len(customers))}) "  # noqa: S608 - marks only
        f"AND address IN ({db.marks(len(names))})",
        *customers, *names,
    )  # fmt: skip
    taken = {(row["customer"], row["address"]) for row in found}
    given = []
    for wanted, option in zip(orders, options, strict=True):
        address = next(name for name in option if (wanted.customer, name) not in taken)
        taken.add((wanted.customer, address))
        given.append(address)
    return given
