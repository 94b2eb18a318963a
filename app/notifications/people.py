"""Whom news is for: their rows, as the ways of reaching them want to know them."""

from collections.abc import Collection

from app import db
from app.accounts import customers
from app.notifications.channels import Person

PEOPLE = """
SELECT id, email, name, phone, phone_confirmed_at, phrase, unread, locale, time_zone FROM customers WHERE id IN
"""


async def locked(ids: Collection[int]) -> dict[int, Person]:
    """In the order in which the house locks customers, until the transaction ends: their `unread` is counted on."""
    return await _people(ids, f"ORDER BY id{db.FOR_UPDATE}")


async def named(ids: Collection[int]) -> dict[int, Person]:
    return await _people(ids, "")


async def _people(ids: Collection[int], rest: str) -> dict[int, Person]:
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    found = await db.scan(f"{PEOPLE} ({db.marks(len(wanted))}) {rest}", *wanted)
    return {row["id"]: _person(row) for row in found}


def _person(row: db.Row) -> Person:
    """A number that nobody has confirmed may be somebody else's: nothing is sent there."""
    return Person(
        id=row["id"], email=row["email"], name=row["name"], phone=row["phone"] if row["phone_confirmed_at"] else "",
        phrase=row["phrase"], unread=row["unread"], voice=customers.voice_of(row),
    )  # fmt: skip
