"""“It never came”: what a customer says of a parcel, once. The seller hears of it; a claim it is not yet.

A mail goes to the owners of the shop; where nobody works at its desk, to the shop's own address.
"""

from collections.abc import Sequence
from typing import Any

from app import clock, db
from app.accounts import customers
from app.errors import Invalid, Refused
from app.events import actions as events
from app.i18n import Voice, _
from app.mail import letters
from app.merchants import news
from app.settings import settings
from app.shipments import owned
from app.shipments.next_steps import MISSED_FOR
from app.shipments.owned import OwnedParcel

WHATS = ("not_delivered", "delivered_not_here")
MOST_LETTERS = 2_000
BUYER = "SELECT customer_name, customer_email FROM orders WHERE id = {}"
SHOP = "SELECT email, time_zone FROM merchants WHERE id = {} AND email <> ''"


def labels(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {
        "not_delivered": _("It was not delivered"),
        "delivered_not_here": _("The carrier says delivered, but it is not here"),
    }


def offered(parcel: OwnedParcel) -> bool:
    """For what is overdue, and for two months after what is said to have come and has not gone back; once."""
    if parcel.missing_at is not None or parcel.status == "returned_to_sender":
        return False
    if parcel.delivered_at is not None or parcel.status == "delivered":
        return parcel.delivered_at is None or clock.now() - parcel.delivered_at < MISSED_FOR
    return parcel.overdue_at is not None


async def report(customer: int, address: str, number: int, *, what: str, note: str) -> None:
    """Raises Missing, Refused (409) when there is no reason to, Invalid(what=…, note=…). Said twice, the first counts."""
    said = note.strip().replace("\r\n", "\n")
    if wrong := _wrong(what, said):
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
        await _tell_seller(parcel, what, said)
        await customers.raise_revision(customer)


def _wrong(what: str, note: str) -> dict[str, str]:
    """By field."""
    found = {}
    if what not in WHATS:
        found["what"] = _("Choose what happened.")
    if len(note) > MOST_LETTERS:
        found["note"] = _("At most %(num)d letters.") % {"num": MOST_LETTERS}
    return found


async def _tell_seller(parcel: OwnedParcel, what: str, note: str) -> None:
    (buyer,) = await db.rows(BUYER, parcel.order)
    said = {
        "customer": buyer["customer_name"] or buyer["customer_email"], "email": buyer["customer_email"],
        "merchant": parcel.merchant_name, "number": parcel.number, "note": note, "url": settings.base_url,
    }  # fmt: skip
    for email, phrase, voice in await _sellers(parcel.merchant):
        await letters.write(email, "parcel_missing", voice, phrase=phrase, facts=_facts(parcel, what, voice), **said)


async def _sellers(merchant: int) -> Sequence[tuple[str, str, Voice]]:
    """Address, phrase and voice of each."""
    owners = [(it["email"], it["phrase"], customers.voice_of(it)) for it in await news.owners(merchant)]
    if owners:
        return owners
    return [(it["email"], "", Voice(settings.locales[0], it["time_zone"])) for it in await db.rows(SHOP, merchant)]


def _facts(parcel: OwnedParcel, what: str, voice: Voice) -> list[tuple[str, Any]]:
    _ = voice.gettext
    by = " ".join(text for text in (parcel.carrier, parcel.tracking_number) if text)
    came = parcel.delivered_at
    found = [
        (_("Order"), parcel.number),
        (_("Parcel"), by or parcel.external_id),
        (_("What happened"), labels(voice)[what]),
        (_("Sent"), voice.day(parcel.shipped_at) if parcel.shipped_at else ""),
        (_("Delivered, says the carrier"), voice.moment(came) if came else ""),
    ]
    return [(label, text) for label, text in found if text]
