"""The goods of a claim that was granted: where the seller has to see them, they go back at its cost (Directive (EU) 2019/771,
Art. 14). The claim stays “approved” meanwhile; whose turn it is says how far they are (see `states.goods_awaited`).
"""

from typing import Any

from app import clock, db
from app.db import transaction
from app.errors import Refused
from app.i18n import _
from app.returns import asking, deciding, moving, states
from app.returns.kept import Kept

WAY = "drop_off"  # a code on a telephone, or the label to be printed: the customer's choice


def wantable(it: Kept) -> bool:
    """Not what never came, and not twice."""
    row = it.it
    there = any(line.reason != "not_delivered" for line in it.lines)
    undecided = row.kind == "claim" and row.state == "approved" and row.waiting_on == "seller"
    return undecided and row.came_at is None and row.received_at is None and there


def late(it: Kept) -> bool:
    """They were wanted and did not come in time (`missing`), and may still come."""
    row = it.it
    waiting = row.kind == "claim" and row.state == "approved" and row.waiting_on == "seller"
    return waiting and row.way != "" and row.came_at is None and row.received_at is None


def receivable(it: Kept) -> bool:
    return states.goods_coming(it.it) or late(it)


async def grant(merchant: int, code: str, *, by: str, answer: str = "") -> None:
    """Agreed to, and to be sent back. Raises as `deciding.approve` and `want` do."""
    async with transaction():
        await deciding.approve(merchant, code, answer=answer, by=by)
        await want(merchant, code, by=by)


async def want(merchant: int, code: str, *, by: str) -> None:
    """Raises Missing, Refused (409)."""
    async with transaction():
        it = await deciding.locked(merchant, code)
        if not wantable(it):
            raise Refused(_("This need not be sent back. Look at it again."))
        due = await asking.send_by(merchant, it.it.order)
        await _turn(it, "buyer", due_at=due, send_by=due, way=WAY)
        await moving.tell(it, "claim_goods_awaited", by=by)


async def sent(it: Kept, *, by: str, carrier: str, number: str) -> None:
    """In the caller's transaction, which has seen that they are awaited."""
    await _turn(it, "carrier", due_at=None, sent_at=clock.now())
    await moving.tell(it, "claim_goods_sent", by=by, carrier=carrier, tracking_number=number)


def check_on_its_way(it: Kept) -> None:
    """Raises Refused (409)."""
    if not receivable(it):
        raise Refused(_("That cannot be done any more: it has gone on meanwhile. Look at it again."))


async def arrived(it: Kept, *, by: str, **said: Any) -> None:
    """In the caller's transaction. Raises Refused (409) for what is not on its way."""
    check_on_its_way(it)
    await _turn(it, "seller", due_at=await deciding.answer_by(it), received_at=clock.now())
    await moving.tell(it, "claim_goods_received", by=by, **said)


async def missing(it: Kept) -> None:
    """They were never sent: the seller settles the claim without them, or asks once more; it lapses by nothing. Should they
    come all the same, they are taken in. In the caller's transaction."""
    if states.goods_awaited(it.it):
        await _turn(it, "seller", due_at=await deciding.answer_by(it), send_by=None)
        await moving.tell(it, "claim_goods_missing", by="system")


async def _turn(it: Kept, whose: str, **columns: Any) -> None:
    values = {"waiting_on": whose, **columns}
    pairs = ", ".join(f'"{name}" = {{}}' for name in values)
    await db.execute(f"UPDATE returns SET {pairs} WHERE id = {{}}", *values.values(), it.it.id)  # noqa: S608 - our own names
