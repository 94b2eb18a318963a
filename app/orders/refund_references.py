"""A reference that was written down wrongly, put right: what it was before stays in the event."""

from app import db
from app.errors import Refused
from app.i18n import _
from app.orders import refunded, revisions
from app.payments import manual


async def correct(number: int, reference: str, *, by: str, merchant: int | None = None) -> None:
    """Of a refund that was paid by hand. Said twice, it is done once. Raises Missing, Invalid(reference=…), Refused for one
    that was not paid, or whose reference is a provider's own."""
    async with db.transaction():
        order, refund = await refunded.locked_refund(number, merchant)
        if refund["state"] != "succeeded" or refund["provider"] != manual.NAME:
            raise Refused(_("Only the reference of what was paid by hand can be corrected."))
        said, _at = manual.checked(reference, None, None)
        if said == refund["reference"]:
            return
        await refunded.write(number, reference=said)
        before = refund["reference"]
        await refunded.tell("refund_reference_corrected", order, refund, by=by, reference=said, before=before)
        await revisions.changed(order["id"])
