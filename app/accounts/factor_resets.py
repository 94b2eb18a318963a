"""All second factors of a customer taken away, because the shell was asked to: for who has lost every one of them.

That is also what a thief would ask support for. So the customer is told at once, and a day passes in which they can say
“this wasn't me”, which stops it (see `alarms.py`), before it is carried out.
"""

from datetime import datetime, timedelta

from app import clock, db
from app.accounts import alarms, authenticators, customers, devices, recovery_codes, second_factors, sessions, sign_ins
from app.accounts.locking import OPERATOR
from app.db import transaction
from app.errors import Missing, Refused
from app.events.actions import record

WAIT = timedelta(hours=24)
AT_ONCE = 20
OPEN = "done_at IS NULL AND stopped_at IS NULL"


async def pending(customer: int) -> db.Row | None:
    """`reason`, `asked_at` and `due_at` of the one that is still to come."""
    return await db.one(
        f"SELECT id, reason, asked_at, due_at FROM factor_resets WHERE customer = {{}} AND {OPEN}",  # noqa: S608
        customer,
    )


async def ask(customer: int, *, reason: str, at_once: bool = False) -> datetime:
    """When it is due. Raises Refused when there is nothing to take away, or one is to come already."""
    at = clock.now()
    due = at if at_once else at + WAIT
    async with transaction():
        await customers.lock(customer)
        if await pending(customer):
            raise Refused("a reset is to come already; `account stop-reset` stops it")
        if not await _has_any(customer):
            raise Refused("there is no second factor to take away")
        row = {"customer": customer, "reason": reason[:500], "asked_at": at, "due_at": due}
        made = await db.insert("factor_resets", [row], "id")
        await record("factor_reset_asked", customer=customer, by=OPERATOR, reason=reason, due=due)
        if not at_once:
            await alarms.raise_alarm(customer, "factor_reset_asked", made[0]["id"], due=due)
    if at_once:
        await carry_out()
    return due


async def stop(customer: int, *, by: str = OPERATOR) -> None:
    """Raises Missing when none is to come."""
    async with transaction():
        if not await alarms.stop_resets(customer):
            raise Missing
        await record("factor_reset_stopped", customer=customer, by=by)


async def carry_out() -> None:
    """What is due, each once, however many processes look."""
    due = await db.rows(
        f"SELECT id FROM factor_resets WHERE due_at <= {{}} AND {OPEN} ORDER BY id LIMIT {{}}",  # noqa: S608
        clock.now(), AT_ONCE,
    )  # fmt: skip
    for reset in due:
        await _carry_out(reset["id"])


async def _carry_out(number: int) -> None:
    """Claim and effect are one: of two processes the second finds it done."""
    async with transaction():
        claimed = await db.execute(
            f"UPDATE factor_resets SET done_at = {{}} WHERE id = {{}} AND {OPEN} RETURNING customer, reason",  # noqa: S608
            clock.now(), number,
        )  # fmt: skip
        if not claimed:
            return
        customer: int = claimed[0]["customer"]
        await customers.lock(customer)
        await _take_away(customer)
        await record("factors_reset", customer=customer, by=OPERATOR, reason=claimed[0]["reason"])
        await alarms.raise_alarm(customer, "factors_reset")


async def _take_away(customer: int) -> None:
    await db.execute("DELETE FROM passkeys WHERE customer = {}", customer)
    await authenticators.remove(customer)
    await recovery_codes.remove(customer)
    await devices.distrust_all(customer)
    await sessions.end_all(customer)
    await sign_ins.end_all(customer)
    await second_factors.settle(customer)


async def _has_any(customer: int) -> bool:
    """A passkey that was blocked counts, too: it is asked for and cannot be shown."""
    found = await db.one("SELECT second_factor FROM customers WHERE id = {}", customer)
    return bool(found and found["second_factor"])
