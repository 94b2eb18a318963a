"""“I have sent it”: what a customer says of goods on their way back, with the carrier and its number, once."""

from app.accounts import customers
from app.db import transaction
from app.errors import Invalid, Refused
from app.i18n import _
from app.returns import carried, claimed, coming, kept, labelling, moving, states, withdrawals
from app.returns.kept import Kept
from app.shipments import tracking_numbers

LONGEST = 100
SENT = ("in_transit", "proof_sent")


async def sent(customer: int, code: str, *, carrier: str, number: str, by: str) -> None:
    """A withdrawal's goods, of which it is the proof that they were sent (Directive 2011/83/EU, Art. 13(3)), or a return's or a
    claim's. Raises Missing, Invalid (carrier, number), Refused (409) when nothing is to be sent. Said twice, the first
    counts."""
    carrier, number = _plain(carrier), _plain(number)
    async with transaction():
        await customers.lock(customer)
        it = await kept.owned_by(customer, code)
        if it.it.state in SENT or (states.goods_coming(it.it) and it.it.sent_at is not None):
            return
        if not states.to_send(it.it):
            raise Refused(_("There is nothing to be sent back just now."))
        _check(carrier, number, by_choice=carried.chosen(it))
        await labelling.sent_otherwise(it, carrier, number)
        carrier = carrier or tracking_numbers.carrier(number) or await carried.named(it)
        await coming.expect(it, carrier, number)
        if it.it.kind == "withdrawal":
            await withdrawals.sent_back(customer, code, carrier=carrier, number=number, by=by)
        elif it.it.kind == "claim":
            await claimed.sent(it, by=by, carrier=carrier, number=number)
        else:
            await moving.move(it, "in_transit", by=by, carrier=carrier, tracking_number=number)


def correctable(it: Kept) -> bool:
    """On its way by its customer's own word, and not there yet."""
    under_way = it.it.state in SENT or states.goods_coming(it.it)
    return under_way and it.it.sent_at is not None and it.it.came_at is None and it.it.received_at is None


async def correct(customer: int, code: str, *, carrier: str, number: str, by: str) -> None:
    """The number of its parcel, mistyped or forgotten when it was said to be sent. Raises Missing, Invalid (carrier, number),
    Refused (409) once it is there."""
    carrier, number = _plain(carrier), _plain(number)
    async with transaction():
        await customers.lock(customer)
        it = await kept.owned_by(customer, code)
        if not correctable(it):
            raise Refused(_("It is not on its way any more: there is nothing to correct."))
        if not number:
            raise Invalid(number=_("The number on the carrier’s receipt."))
        _check(carrier, number, by_choice=carried.chosen(it))
        await labelling.sent_otherwise(it, carrier, number)
        carrier = carrier or tracking_numbers.carrier(number) or await carried.named(it)
        await coming.expect(it, carrier, number)
        await moving.tell(it, f"{it.it.kind}_renumbered", by=by, carrier=carrier, tracking_number=number)


def _check(carrier: str, number: str, *, by_choice: bool) -> None:
    """Without a number, somebody who handed it over in a shop has at least the carrier's name: where they chose it."""
    wrong = {"carrier": _("Who took it?")} if by_choice and not carrier else {}
    for field, text in (("carrier", carrier), ("number", number)):
        if len(text) > LONGEST:
            wrong[field] = _("At most %(num)d letters.") % {"num": LONGEST}
    if wrong:
        raise Invalid.at(wrong)


def _plain(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
