"""What a carrier says of a parcel that comes back moves its return: the first scan sets it off, and once it is handed over the
merchant's people have it to check. What they find in it is theirs to say (`receiving.py`), and nothing here moves money."""

from datetime import timedelta

from app import db
from app.i18n import Voice
from app.returns import claimed, deciding, kept, moving, states
from app.returns.kept import Kept
from app.shipments import back, back_cards
from app.shipments.back import Way
from app.shipments.cards import ParcelCard
from app.shipments.states import ONLY_ANNOUNCED

SET_OFF = {"approved": "in_transit", "label_issued": "in_transit", "goods_due": "proof_sent"}
UNDER_WAY = tuple(SET_OFF.values())
CLOCKS = timedelta(days=1)  # by which a carrier's may be wrong, or its zone not said
CODE = "SELECT code FROM returns WHERE id = {}"


async def expect(it: Kept, carrier: str, number: str) -> None:
    """From now on its carrier is listened to, in the caller's transaction with the customer's row locked."""
    if it.it.customer is not None:
        await back.expect(it.it.merchant, it.it.customer, it.it.id, number, carrier)


async def shown(it: Kept, voice: Voice) -> ParcelCard | None:
    """None also of a parcel that no carrier ever saw, once nothing is to come any more."""
    parcel, seen = await back.kept(it.it.id)
    if parcel is None or (parcel.scanned_at is None and not states.to_come(it.it)):
        return None
    return back_cards.card(parcel, seen, voice)


async def heard(of_return: int) -> None:
    """Of its parcel, in the transaction that has taken the news in, the customer's row locked."""
    (row,) = await db.rows(CODE, of_return)
    it, way = await kept.by_code(row["code"]), await back.way(of_return)
    if way is not None and moves(it, way):
        it = await _set_off(it, way)
        await _handed_over(it, way)
    await moving.seen(it)


def moves(it: Kept, way: Way) -> bool:
    """Not what was only announced, and not what happened before anybody wanted to send it: then the number is another's."""
    known = way.status not in ("unknown", "returned_to_sender", *ONLY_ANNOUNCED)
    return known and way.scanned_at is not None and way.scanned_at >= it.it.created_at - CLOCKS


async def _set_off(it: Kept, way: Way) -> Kept:
    if states.goods_awaited(it.it) or claimed.late(it):
        await claimed.sent(it, by=_by(way), carrier=way.carrier, number=way.tracking_number)
        return await kept.by_code(it.it.code)
    if it.it.kind == "claim" or it.it.state not in SET_OFF:
        return it
    due = it.it.refund_by if it.it.kind == "withdrawal" else None
    await moving.move(
        it, SET_OFF[it.it.state], by=_by(way), due_at=due, carrier=way.carrier, tracking_number=way.tracking_number
    )
    return await kept.by_code(it.it.code)


async def _handed_over(it: Kept, way: Way) -> None:
    """It waits for the seller from then on; a withdrawal does already, for its money."""
    under_way = it.it.state in UNDER_WAY or states.goods_coming(it.it)
    if not under_way or it.it.came_at is not None or way.delivered_at is None:
        return
    if it.it.kind != "withdrawal":
        due = await deciding.answer_by(it)
        await db.execute("UPDATE returns SET waiting_on = 'seller', due_at = {} WHERE id = {}", due, it.it.id)
    await db.execute("UPDATE returns SET came_at = {} WHERE id = {}", way.delivered_at, it.it.id)
    await moving.tell(it, f"{it.it.kind}_arrived", by=_by(way))


def _by(way: Way) -> str:
    return f"carrier:{way.carrier}"
