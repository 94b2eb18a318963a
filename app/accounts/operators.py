"""Who operates the counter, and hears by mail of what nobody else can be told.

Named at the shell alone; no door opens by it.
"""

from collections.abc import Sequence

from app import db
from app.accounts import customers
from app.accounts.locking import OPERATOR
from app.db import transaction
from app.errors import Refused
from app.events.actions import record


async def everybody() -> Sequence[db.Row]:
    """`email, locale, time_zone, phrase` of each whose account is open."""
    return await db.rows(
        "SELECT email, locale, time_zone, phrase FROM customers WHERE operator AND locked_at IS NULL ORDER BY id"
    )


async def begin(customer: int, *, reason: str) -> None:
    """Raises Refused when they are one."""
    await _change(customer, True, "operator_begun", reason, "this is an operator already")


async def end(customer: int, *, reason: str) -> None:
    """Raises Refused when they are none."""
    await _change(customer, False, "operator_ended", reason, "this is no operator")


async def _change(customer: int, now: bool, kind: str, reason: str, refusal: str) -> None:
    async with transaction():
        await customers.lock(customer)
        changed = await db.execute(
            "UPDATE customers SET operator = {}, revision = revision + 1 WHERE id = {} AND operator = {} RETURNING id",
            now, customer, not now,
        )  # fmt: skip
        if not changed:
            raise Refused(refusal)
        await record(kind, customer=customer, by=OPERATOR, reason=reason)
