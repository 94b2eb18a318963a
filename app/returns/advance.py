"""An exchange that is sent before the goods are back: they stay awaited, and it is settled once they are counted.

Until then nobody lets go of them: whoever took the request back, or let its time run out, would have both.
"""

from app import db
from app.returns import asking, kept, moving, owed
from app.returns.exchanging import wished
from app.returns.kept import Kept

BACK = "received"
TURNED = "UPDATE returns SET waiting_on = 'seller', due_at = {}, send_by = NULL WHERE id = {}"


def goods_owed(it: Kept) -> bool:
    """Sent already, and what it is for is not back."""
    return it.it.kind == "return" and it.it.exchange is not None and it.it.settled_at is None and it.it.received_at is None


async def came(code: str, *, by: str) -> None:
    """What was counted: with the exchange sent and nothing to be paid back, it is over. In the caller's transaction."""
    it = await kept.by_code(code)
    if it.it.kind != "return" or it.it.exchange is None or it.it.state != BACK or wished(it):
        return
    if not any(share.total for share in await owed.left(it)):
        await moving.move(it, "refunded" if it.it.refunded else "exchanged", by=by)


async def missing(it: Kept) -> None:
    """They were never sent, and the exchange was: it is the seller's to look after. In the caller's transaction."""
    await db.execute(TURNED, await asking.answer_by(it.it.merchant), it.it.id)
    await moving.tell(it, "return_goods_missing", by="system")
