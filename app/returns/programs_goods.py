"""What a merchant's programs do about goods: wanted back, sent in exchange, and the order that a declaration is about; the
desk's own verbs, by the shop's ids."""

from app import db
from app.errors import Invalid
from app.returns import claimed, exchanging, kept, matching, proposing, replacing
from app.returns.bodies import Return
from app.returns.exchanging import Sending
from app.returns.programs import ORDER, now, place, places_of, pointed
from app.returns.programs_proposals import items
from app.returns.sent import DifferencePaid, Dispatch, Exchange, GoodsWanted, ItsOrder


async def want_goods(merchant: int, code: str, _sent: GoodsWanted, *, by: str) -> Return:
    """Raises Missing, Invalid, Refused (409), as all of these do."""
    await claimed.want(merchant, code, by=by)
    return await now(code)


async def attach(merchant: int, code: str, sent: ItsOrder, *, by: str) -> Return:
    order = await db.one(ORDER, merchant, sent.order)
    if order is None:
        raise Invalid.at({"/order": "this merchant has no such order"})
    async with pointed():
        await matching.attach(merchant, code, order["id"], by=by, meant=sent.meant)
    return await now(code)


async def exchange(merchant: int, code: str, sent: Exchange, *, by: str) -> Return:
    if sent.number.strip() and sent.items:
        raise Invalid.at({"/items": "either the number of an order or the items, not both"})
    it = await kept.at_desk(merchant, code)
    places = places_of([one.id for one in sent.items], {line.id for line in it.lines}, "items")
    what = Sending(number=sent.number, items=items(sent.items), ask=sent.ask)
    async with pointed(lambda name: place(name, places, "/items")):
        if not what.number.strip() and what.ask:
            exchanging.check(what.items, exchanging.lines(it))
            if proposing.dearer(it, what):
                raise Invalid.at({"ask": "its customer is asked first: POST …/exchange/proposal"})
        await replacing.exchange(merchant, code, what, again=sent.again, by=by)
    return await now(code)


async def dispatch(merchant: int, code: str, sent: Dispatch, *, by: str) -> Return:
    async with pointed():
        await replacing.sent(merchant, code, carrier=sent.carrier, number=sent.tracking_number, by=by)
    return await now(code)


async def difference_paid(merchant: int, code: str, _sent: DifferencePaid, *, by: str) -> Return:
    await replacing.difference_paid(merchant, code, by=by)
    return await now(code)
