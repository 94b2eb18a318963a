"""“It never came”: what a customer says of a parcel, once. The seller hears of it; a claim it is not yet.

A mail goes to the owners of the shop; where nobody works at its desk, to the shop's own address; where there is none, to the
operators. Who was told stays with the parcel, so that its pages say nothing else.
"""

import logging
from collections.abc import Sequence
from typing import Any, Literal

from app import clock, db, i18n, typed
from app.accounts import customers, email_address, operators
from app.errors import Invalid, Refused
from app.events import actions as events
from app.i18n import Voice, _
from app.mail import letters
from app.merchants import news
from app.orders import revisions
from app.settings import settings
from app.shipments import estimates, owned
from app.shipments.next_steps import MISSED_FOR
from app.shipments.owned import OwnedParcel

log = logging.getLogger(__name__)
Told = Literal["seller", "operator", ""]
Listener = tuple[str, str, Voice]  # address, phrase, voice
WHATS = ("not_delivered", "delivered_not_here")
BUYER = "SELECT customer_name, customer_email FROM orders WHERE id = {}"
SHOP = "SELECT email, time_zone FROM merchants WHERE id = {} AND email <> ''"
# The seller was not told, and could not be told even now.
UNHEARD = """
SELECT m.slug, count(*) AS parcels FROM shipments s JOIN orders o ON o.id = s."order" JOIN merchants m ON m.id = o.merchant
WHERE s.missing_at > {} AND s.missing_told <> 'seller' AND m.email = ''
AND NOT EXISTS (SELECT 1 FROM members mb WHERE mb.merchant = m.id AND mb.role = 'owner') GROUP BY m.slug ORDER BY m.slug
"""


def labels(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {
        "not_delivered": _("It was not delivered"),
        "delivered_not_here": _("The carrier says delivered, but it is not here"),
    }


def offered(parcel: OwnedParcel) -> bool:
    """For what is overdue or late, and for two months after what is said to have come and has not gone back; once."""
    if parcel.missing_at is not None or parcel.status == "returned_to_sender":
        return False
    if parcel.delivered_at is not None or parcel.status == "delivered":
        return parcel.delivered_at is None or clock.now() - parcel.delivered_at < MISSED_FOR
    said = i18n.voice()
    return parcel.overdue_at is not None or estimates.late(estimates.expected(parcel, {}, said), said)


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
        told = await _tell(parcel, what, said)
        await db.execute(
            "UPDATE shipments SET missing_at = {}, missing_what = {}, missing_note = {}, missing_told = {} WHERE id = {}",
            clock.now(), what, said, told, number,
        )  # fmt: skip
        await events.record(
            "parcel_reported_missing", customer=customer, merchant=parcel.merchant, order=parcel.order,
            **owned.about(parcel), what=what, note=said, told=told,
        )  # fmt: skip
        await revisions.changed(parcel.order)


def _wrong(what: str, note: str) -> dict[str, str]:
    """By field."""
    found = {}
    if what not in WHATS:
        found["what"] = _("Choose what happened.")
    if unfit := typed.wrong_words(note):
        found["note"] = unfit
    return found


async def _tell(parcel: OwnedParcel, what: str, note: str) -> Told:
    told, listeners = await hears(parcel.merchant)
    if not told:
        log.error("a parcel of %s is reported missing, and nobody can be told: give it an owner", parcel.merchant_name)
    (buyer,) = await db.rows(BUYER, parcel.order)
    said = {
        "customer": buyer["customer_name"] or buyer["customer_email"], "email": buyer["customer_email"],
        "merchant": parcel.merchant_name, "number": parcel.number, "note": note, "url": settings.base_url, "to": told,
    }  # fmt: skip
    for email, phrase, voice in listeners:
        await letters.write(email, "parcel_missing", voice, phrase=phrase, facts=_facts(parcel, what, voice), **said)
    return told


async def hears(merchant: int) -> tuple[Told, Sequence[Listener]]:
    """Who is told when a parcel of that merchant's never came: the first of these that there is somebody of."""
    if owners := await news.owners(merchant):
        return "seller", _persons(owners)
    if shop := [row for row in await db.rows(SHOP, merchant) if email_address.is_one(row["email"])]:
        return "seller", [(it["email"], "", Voice(settings.locales[0], it["time_zone"])) for it in shop]
    them = await operators.everybody()
    return ("operator" if them else ""), _persons(them)


async def unheard() -> list[tuple[str, int]]:
    """For the shell: merchants that nobody can write to, by their short names, and how many of their parcels were reported in
    the last two months."""
    return [(row["slug"], row["parcels"]) for row in await db.scan(UNHEARD, clock.now() - MISSED_FOR)]


def _persons(rows: Sequence[db.Row]) -> list[Listener]:
    return [(it["email"], it["phrase"], customers.voice_of(it)) for it in rows]


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
