"""Accounts that nobody gets into: locked by their owner (“this wasn't me”, see `alarms.py`) or by the operator.

The owner's lock ends when somebody comes in with a mailed code and what else is asked for; the operator's at the shell alone.
"""

from collections.abc import Mapping
from typing import Any

from app import clock, db
from app.accounts import customers, email_changes, password_links, sessions, sign_ins
from app.db import transaction
from app.errors import Refused
from app.events.actions import data_of, record
from app.i18n import _

OWNER, OPERATOR = "owner", "operator"


def by_operator(customer: Mapping[str, Any]) -> bool:
    """A row with `locked_at` and `locked_by`."""
    return customer["locked_at"] is not None and customer["locked_by"] == OPERATOR


def by_owner(customer: Mapping[str, Any]) -> bool:
    return customer["locked_at"] is not None and not by_operator(customer)


def refusal() -> Refused:
    """Said only to who has shown a right first factor: nobody else learns that there is such an account."""
    text = _("The people who run this shop have locked it. Write to them to have it opened again.")
    return Refused(text, status=403, title=_("This account is locked"))


async def come_in(customer: int) -> None:
    """Ends the owner's own lock; raises Refused (403) for the operator's. In the transaction that lets them in: whoever
    locks the account at this moment waits for its end, and then ends the session."""
    found = await db.one(f"SELECT locked_at, locked_by FROM customers WHERE id = {{}}{db.FOR_UPDATE}", customer)  # noqa: S608
    if found is None or found["locked_at"] is None:
        return
    if by_operator(found):
        raise refusal()
    await db.execute("UPDATE customers SET locked_at = NULL, locked_by = '' WHERE id = {}", customer)
    await record("account_unlocked", customer=customer, by=OWNER)


async def is_over(customer: int, alarm: str) -> bool:
    """Whether that alarm has locked the account before, and its owner has come in since."""
    found = await db.rows(
        "SELECT kind, data FROM events WHERE customer = {} AND \"order\" IS NULL AND kind IN ('account_locked', "
        "'account_unlocked') ORDER BY id", customer,
    )  # fmt: skip
    locked = [n for n, one in enumerate(found) if data_of(one["data"]).get("alarm") == alarm]
    return bool(locked) and any(one["kind"] == "account_unlocked" for one in found[locked[0] :])


async def lock(customer: int, *, reason: str) -> None:
    """By the operator: everybody is signed out. Raises Refused when it is so already."""
    async with transaction():
        await customers.lock(customer)
        locked = await db.execute(
            "UPDATE customers SET locked_at = {}, locked_by = {}, revision = revision + 1 "
            "WHERE id = {} AND (locked_at IS NULL OR locked_by <> {}) RETURNING id",
            clock.now(), OPERATOR, customer, OPERATOR,
        )  # fmt: skip
        if not locked:
            raise Refused("it is locked already")
        await sessions.end_all(customer)
        await sign_ins.end_all(customer)
        await password_links.end_all(customer)
        await email_changes.drop(customer)
        await record("account_locked", customer=customer, by=OPERATOR, reason=reason)


async def unlock(customer: int, *, reason: str) -> None:
    """By the operator, whoever has locked it. Raises Refused when nobody has."""
    async with transaction():
        await customers.lock(customer)
        opened = await db.execute(
            "UPDATE customers SET locked_at = NULL, locked_by = '', revision = revision + 1 "
            "WHERE id = {} AND locked_at IS NOT NULL RETURNING id",
            customer,
        )
        if not opened:
            raise Refused("it is not locked")
        await record("account_unlocked", customer=customer, by=OPERATOR, reason=reason)
