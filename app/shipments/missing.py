"""“It never came”: what a customer says of a parcel, once. The seller hears of it; a claim it is not yet."""

from app import clock, db
from app.accounts import customers
from app.errors import Invalid, Refused
from app.events import actions as events
from app.i18n import Voice, _
from app.shipments import owned
from app.shipments.next_steps import MISSED_FOR
from app.shipments.owned import OwnedParcel

WHATS = ("not_delivered", "delivered_not_here")
MOST_LETTERS = 2_000


def labels(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {
        "not_delivered": _("It was not delivered"),
        "delivered_not_here": _("The carrier says delivered, but it is not here"),
    }


def offered(parcel: OwnedParcel) -> bool:
    """For what is overdue, and for two months after what is said to have come; once."""
    if parcel.missing_at is not None:
        return False
    if parcel.delivered_at is not None or parcel.status == "delivered":
        return parcel.delivered_at is None or clock.now() - parcel.delivered_at < MISSED_FOR
    return parcel.overdue_at is not None


async def report(customer: int, address: str, number: int, *, what: str, note: str) -> None:
    """Raises Missing, Refused (409) when there is no reason to, Invalid(what=…, note=…). Said twice, the first counts."""
    said = note.strip().replace("\r\n", "\n")
    wrong = {}
    if what not in WHATS:
        wrong["what"] = _("Choose what happened.")
    if len(said) > MOST_LETTERS:
        wrong["note"] = _("At most %(num)d letters.") % {"num": MOST_LETTERS}
    if wrong:
        await owned.parcel(customer, address, number)
        raise Invalid(**wrong)
    async with db.transaction():
        await customers.lock(customer)
        parcel = await owned.parcel(customer, address, number)
        if parcel.missing_at is not None:
            return
        if not offered(parcel):
            raise Refused(_("This parcel is still on its way. When it is late, you can say so here."))
        await db.execute(
            "UPDATE shipments SET missing_at = {}, missing_what = {}, missing_note = {} WHERE id = {}",
            clock.now(), what, said, number,
        )  # fmt: skip
        await events.record(
            "parcel_reported_missing", customer=customer, merchant=parcel.merchant, order=parcel.order,
            **owned.about(parcel), what=what, note=said,
        )  # fmt: skip
        await customers.raise_revision(customer)
