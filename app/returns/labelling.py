"""The label of a return: there at once when it is agreed to and goes back by one, or when its customer asks for it.

Looking never makes one. Who sends with a carrier of their own has the address and a packing list instead.
"""

from datetime import datetime

from msgspec import Struct

from app import clock, db
from app.accounts import customers
from app.db import transaction
from app.errors import Refused
from app.i18n import _
from app.returns import karrio, kept, moving, rules
from app.returns.kept import Kept
from app.search import folded
from app.shipments import back, tracking_numbers
from app.shipments.numbers import plain

LABELLED = ("drop_off", "label")  # ways for which the label is the shop's
LABEL = "SELECT state, service, amount, currency, file, error, attempts FROM return_labels WHERE of_return = {}"
NOTHING = {"shipment": "", "service": "", "amount": 0, "currency": "", "file": "", "error": "", "attempts": 0}


class KeptLabel(Struct, frozen=True):
    """Columns of `ReturnLabel`."""

    state: str
    service: str
    amount: int
    currency: str
    file: str
    error: str
    attempts: int


async def kept_label(of_return: int) -> KeptLabel | None:
    """The one that is or was to be bought; None where the label is our own."""
    row = await db.one(LABEL, of_return)
    return KeptLabel(**row) if row else None


async def issue(it: Kept, due: datetime | None, *, by: str = "system") -> None:
    """In the transaction that agrees to it. One that is bought comes a little later (`buying.py`); a code to be shown where it
    is dropped off is always our own."""
    if it.it.kind != "return" or it.it.way not in LABELLED:
        return
    if it.it.way == "label" and karrio.sells(it.it.merchant_slug):
        await db.insert("return_labels", [{"of_return": it.it.id, "state": "wanted", "next_at": clock.now()} | NOTHING])
    else:
        await moving.move(it, "label_issued", by=by, due_at=due)


async def sent_otherwise(it: Kept, carrier: str, number: str) -> None:
    """Its customer names the parcel, in the caller's transaction: with another number, and of another carrier, than the label
    that was bought has, nobody uses that. Another number alone may be a slip of the pen."""
    label = await back.way(it.it.id)
    if label is None or not number or plain(number) == plain(label.tracking_number):
        return
    said, bought = (_bare(name) for name in (carrier or tracking_numbers.carrier(number), label.carrier))
    if said and bought and said not in bought and bought not in said:
        await moving.label_unused(it.it.id)


def _bare(carrier: str) -> str:
    return "".join(sign for sign in folded(carrier) if sign.isalnum())


async def offered(it: Kept) -> bool:
    """Of what was agreed to before anybody said how it goes back (by a program, in the shop itself), where the shop has labels
    and they cost the customer nothing."""
    row = it.it
    if row.kind != "return" or row.state != "approved" or row.way:
        return False
    _version, theirs = await rules.of(row.merchant)
    return "label" in theirs.ways and not theirs.shipping_fee.get(row.currency, 0)


async def want(customer: int, code: str, *, by: str) -> bool:
    """Whether it is there; else it is bought a little later. Wanted twice, the first one counts. Raises Missing, Refused (409)
    where there is none to be had."""
    async with transaction():
        await customers.lock(customer)
        it = await kept.owned_by(customer, code)
        if it.it.state == "label_issued" or await kept_label(it.it.id) is not None:
            return it.it.state == "label_issued"
        if not await offered(it):
            raise Refused(_("There is no label for this. The packing list has the address."))
        await db.execute("UPDATE returns SET way = 'label' WHERE id = {}", it.it.id)
        await issue(await kept.by_code(code), it.it.due_at, by=by)
        return await kept_label(it.it.id) is None
