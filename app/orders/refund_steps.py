"""The steps of a refund: requested → pending → succeeded | failed, and “it has arrived”, which its customer says.

Each takes its turn behind the customer's row, looks at the state there is, and records who did it. Said twice, it is done once.
"""

from datetime import datetime
from typing import Any

from app import clock, db, typed
from app.accounts import customers
from app.errors import Invalid, Missing, Refused
from app.i18n import _
from app.orders import refunded, revisions
from app.payments import arrival, balances, manual, provider
from app.payments.balances import Movement

LONGEST_REASON = 500
NOT_ASKED = "UPDATE refunds SET next_try_at = NULL WHERE id = {} AND attempts = 0 RETURNING id"
OF_CUSTOMER = """
SELECT r.id FROM refunds r JOIN orders o ON o.id = r."order" OR o.id = r.for_order
WHERE o.customer = {} AND o.address = {} AND r.id = {}
"""


async def approve(number: int, *, by: str, merchant: int | None = None) -> None:
    """It is to go out: at once where the money is kept here, by the worker where a provider is asked, else the merchant pays it
    and records how. Raises Missing, Refused for one that has failed."""
    async with db.transaction():
        order, refund = await refunded.locked_refund(number, merchant)
        if refund["state"] == "failed":
            raise Refused(_("This refund has failed or was declined. Try it again as a new one."))
        if refund["state"] != "requested":
            return
        at = clock.now()
        next_try = at if provider.named(refund["provider"]) else None
        await refunded.write(number, state="pending", approved_at=at, at=at, next_try_at=next_try)
        due = {"due_at": refund["due_at"]} if refund["due_at"] else {}
        await refunded.tell("refund_approved", order, refund, by=by, **due)
        if refund["balance"] is not None:
            await _credit(order, refund, by)
            await _succeed(order, refund, by=by, reference="", at=at)
        await revisions.changed(order["id"])


async def record_reference(
    number: int, reference: str, *, by: str, merchant: int | None = None, paid_at: datetime | None = None
) -> None:
    """The merchant has paid it by hand. Raises Missing, Invalid(reference=… or paid_at=…), Refused for one that is not the
    merchant's to pay, or not yet approved."""
    async with db.transaction():
        order, refund = await refunded.locked_refund(number, merchant)
        said, at = manual.checked(reference, paid_at, refund["approved_at"])
        if refund["state"] == "succeeded" and refund["reference"] in (said, ""):
            await refunded.write(number, reference=said)
            return
        if refund["state"] != "pending" or refund["provider"] != manual.NAME:
            raise Refused(_("There is nothing to be paid by hand here."))
        await _succeed(order, refund, by=by, reference=said, at=at)
        await revisions.changed(order["id"])


async def fail(number: int, *, by: str, reason: str, merchant: int | None = None) -> None:
    """Declined, or given up by hand. Raises Missing, Invalid(why=…), Refused for what a provider has been asked for: only it
    can tell."""
    if unfit := typed.wrong_words(reason, LONGEST_REASON):
        raise Invalid(why=unfit)
    async with db.transaction():
        order, refund = await refunded.locked_refund(number, merchant)
        if refund["state"] == "failed":
            return
        if refund["state"] == "succeeded":
            raise Refused(_("This money has been sent already."))
        if provider.named(refund["provider"]) and not await db.execute(NOT_ASKED, number):
            raise Refused(_("The payment provider has been asked already: it says how this ends."))
        await _fail(order, refund, by=by, reason=reason)
        await revisions.changed(order["id"])


async def settle(number: int, answer: provider.Answer, *, by: str) -> None:
    """What a provider says of it. The same answer again, or one that comes late, changes nothing; that money came back which
    had gone (a closed account) does."""
    async with db.transaction():
        order, refund = await refunded.locked_refund(number)
        match answer.outcome, refund["state"]:
            case "succeeded", "pending":
                await _succeed(order, refund, by=by, reference=answer.reference, at=clock.now())
            case "pending", "pending" if refund["sent_at"] is None:
                await _send(order, refund, by=by, reference=answer.reference)
            case "failed", "pending":
                await _fail(order, refund, by=by, reason=answer.reason)
            case "failed", "succeeded" if answer.reference and answer.reference == refund["reference"]:
                await _fail(order, refund, by=by, reason=answer.reason)
            case "unsure", "pending":
                await refunded.write(number, last_error=answer.reason[:LONGEST_REASON])
                return
            case _:
                if answer.reference and not refund["reference"]:  # its source was quicker to tell
                    await refunded.write(number, reference=answer.reference, next_try_at=None)
                return
        await revisions.changed(order["id"])


async def arrived(customer: int, address: str, number: int) -> None:
    """The customer has it. Raises Missing for a stranger's, Refused for one that was not sent yet."""
    async with db.transaction():
        await customers.lock(customer)
        if not await db.rows(OF_CUSTOMER, customer, address, number):
            raise Missing
        refund = await refunded.read(number)
        if refund["arrived_at"] is not None:
            return
        if refund["state"] != "succeeded" and refund["sent_at"] is None:
            raise Refused(_("This refund has not been sent yet."))
        order = await refunded.locked(refund["order"])
        await refunded.write(number, arrived_at=clock.now())
        await refunded.tell("refund_arrived", order, refund, by=f"customer:{customer}")
        await revisions.changed(order["id"])


async def _credit(order: db.Row, refund: db.Row, by: str) -> None:
    """Raises Refused when the order has become another customer's since it was asked for."""
    if not await db.rows("SELECT id FROM balances WHERE id = {} AND customer = {}", refund["balance"], order["customer"]):
        raise Refused(_("This order belongs to somebody else by now. Decline this refund and ask for it anew."))
    said: dict[str, Any] = {"by": by, "order": refund["order"], "refund": refund["id"]}
    moved = Movement(amount=refund["amount"], reason="refund", key=f"refund:{refund['code']}", **said)
    await balances.move(refund["balance"], moved)
    if refund["bonus"]:
        moved = Movement(amount=refund["bonus"], reason="bonus", key=f"bonus:{refund['code']}", **said)
        await balances.move(refund["balance"], moved)


async def _send(order: db.Row, refund: db.Row, *, by: str, reference: str) -> None:
    """Taken up by the provider, which does not say yet that it is done."""
    at = clock.now()
    expected = arrival.expected_by(refund["kind"], at)
    await refunded.write(refund["id"], sent_at=at, at=at, reference=reference, expected_by=expected, last_error="")
    await refunded.tell("refund_sent", order, refund, by=by, reference=reference, expected_by=expected)


async def _succeed(order: db.Row, refund: db.Row, *, by: str, reference: str, at: datetime) -> None:
    expected = refund["expected_by"] or arrival.expected_by(refund["kind"], at)
    here = {"arrived_at": at} if refund["balance"] is not None else {}
    await refunded.write(
        refund["id"], state="succeeded", at=at, sent_at=refund["sent_at"] or at, settled_at=at, expected_by=expected,
        reference=reference or refund["reference"], next_try_at=None, last_error="", **here,
    )  # fmt: skip
    await refunded.renew(order)
    bonus = {"bonus": refund["bonus"]} if refund["bonus"] else {}
    await refunded.tell(
        "refund_succeeded", order, refund, by=by, reference=reference, expected_by=expected, reason=refund["reason"],
        told=refund["sent_at"] is not None, **bonus,
    )  # fmt: skip


async def _fail(order: db.Row, refund: db.Row, *, by: str, reason: str) -> None:
    said, bounced = reason.strip()[:LONGEST_REASON], refund["state"] == "succeeded"
    at = clock.now()
    await refunded.write(refund["id"], state="failed", at=at, settled_at=at, next_try_at=None, last_error=said)
    await refunded.sum_up(refund["of_return"])
    if bounced:
        await refunded.renew(order, bounced=True)
    await refunded.tell("refund_failed", order, refund, by=by, why=said, asked=refund["state"] == "requested")
