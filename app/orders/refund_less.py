"""Less of a refund is to go out than was decided: the shop has given a part of it by itself."""

from app import db
from app.errors import Refused
from app.i18n import _
from app.orders import refunded, revisions
from app.payments import own

REDUCED = """
UPDATE refunds SET amount = amount - {} WHERE id = {} AND amount > {} AND state IN ('requested', 'pending') AND sent_at IS NULL
AND attempts = 0 AND balance IS NULL RETURNING id
"""


async def reduce(number: int, less: int, *, by: str) -> None:
    """By so many minor units, of which it is more. It stays where it stands: to be decided, paid by hand or sent. Raises
    Missing, Refused for what is sent, or what a provider was asked for: only it can tell."""
    async with db.transaction():
        order, before = await refunded.locked_refund(number)
        if less <= 0 or not await db.execute(REDUCED, less, number, less):
            raise Refused(_("The payment provider has been asked already: it says how this ends."))
        await refunded.sum_up(before["of_return"])
        await refunded.tell("refund_reduced", order, await refunded.read(number), by=by, less=less, why=own.GIVEN_THERE)
        await revisions.changed(order["id"])
