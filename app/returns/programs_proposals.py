"""What a merchant's programs do about something dearer in exchange: propose it, read how that stands, take it back. Whether its
customer agrees is theirs alone to say."""

from datetime import datetime

from app.errors import Missing
from app.returns import kept, proposals, proposing
from app.returns.bodies import Return
from app.returns.exchanging import Item
from app.returns.kept import Kept
from app.returns.programs import now, place, places_of, pointed
from app.returns.sent import Sent, SentItem

OF_ITEM = ("title", "variant", "sku", "quantity", "unit_price")


class Proposal(Sent, frozen=True):
    """What would be sent, one of the `items` for each line that is exchanged; together dearer than what came back. `how_paid`:
    how the difference is paid, in words for the customer; an address that begins with https is a link. `again`: as for a
    refund."""

    items: list[SentItem]
    how_paid: str
    again: bool = False


class ProposalEnd(Sent, frozen=True):
    """What was proposed is taken back, before it is answered. Nothing more is to be said."""


class Proposed(Sent, frozen=True):
    """The newest of a return. `state`: open, agreed, sent (its parcel has gone out), refused, lapsed (no answer: the money
    comes back), taken_back, replaced, over (settled otherwise, or what came back has changed). `difference` in minor units."""

    state: str
    items: list[SentItem]
    difference: int
    currency: str
    how_paid: str
    proposed_at: datetime
    answer_by: datetime


def items(sent: list[SentItem]) -> list[Item]:
    return [Item(line=one.id, **{name: getattr(one, name) for name in OF_ITEM}) for one in sent]


async def propose(merchant: int, code: str, sent: Proposal, *, by: str) -> Return:
    """Raises Missing, Invalid, Refused (409)."""
    it = await kept.at_desk(merchant, code)
    places = places_of([one.id for one in sent.items], {line.id for line in it.lines}, "items")
    async with pointed(lambda name: place(name, places, "/items")):
        await proposing.propose(merchant, code, items(sent.items), how_paid=sent.how_paid, again=sent.again, by=by)
    return await now(code)


async def take_back(merchant: int, code: str, _sent: ProposalEnd, *, by: str) -> Return:
    await proposing.take_back(merchant, code, by=by)
    return await now(code)


async def newest(it: Kept) -> Proposed:
    """Raises Missing where nothing was ever proposed."""
    found = await proposals.newest(it)
    if found is None:
        raise Missing
    said = [SentItem(id=one.line, **{name: getattr(one, name) for name in OF_ITEM}) for one in found.sent]
    return Proposed(
        state=found.state, items=said, difference=found.difference, currency=found.currency, how_paid=found.how_paid,
        proposed_at=found.at, answer_by=found.answer_by,
    )  # fmt: skip
