"""The goods of a withdrawal that was declared before they had come, a chore: once they are there, the days to send them back
begin (Directive 2011/83/EU, Art. 14(1), and no sooner than there is something to send)."""

from app import clock, db
from app.errors import Refused
from app.returns import asking, goods_there, kept, moving, objections, withdrawals
from app.returns.kept import Kept

AT_ONCE = 200
# By an index of its own: they are few among all returns.
AWAITED = """
SELECT r.code FROM returns r WHERE r.kind = 'withdrawal' AND r.state IN ('acknowledged', 'goods_due')
AND (r.state = 'acknowledged' OR r.send_by IS NULL) AND r.refund_by IS NOT NULL AND EXISTS (
  SELECT 1 FROM return_lines rl JOIN shipments s ON s."order" = rl."order" JOIN orders o ON o.id = s."order"
  WHERE rl.of_return = r.id AND s.state = 'dispatched' AND s.status <> 'returned_to_sender'
  AND (s.delivered_at IS NOT NULL OR s.status = 'delivered' OR COALESCE(s.shipped_at, o.placed_at) <= {})
) ORDER BY r.id LIMIT {}
"""
BEGUN = "UPDATE returns SET send_by = {} WHERE id = {}"
TURN = "UPDATE returns SET waiting_on = 'buyer', due_at = send_by WHERE id = {} AND waiting_on = 'carrier'"


async def come() -> None:
    """Each in a transaction of its own; one that somebody is just moving is left to them."""
    for row in await db.scan(AWAITED, clock.now() - goods_there.LONGEST_WAY, AT_ONCE):
        try:
            async with db.transaction():
                await moving.lock((await kept.by_code(row["code"])).it)
                await _begin(await kept.by_code(row["code"]))
        except Refused:
            continue


async def _begin(it: Kept) -> None:
    number = it.it.id
    if not await goods_there.sent(number) or await goods_there.coming(number):
        return
    if it.it.state == "acknowledged":
        await withdrawals.goods_due(it, by="system", look=objections.waits(it.it))
    elif it.it.state == "goods_due" and it.it.send_by is None:
        await db.execute(BEGUN, await asking.send_by(it.it.merchant, it.it.order), number)
        await db.execute(TURN, number)
        turn = {"turn": "buyer"} if it.it.waiting_on == "carrier" else {}
        await moving.tell(it, "withdrawal_goods_came", by="system", **turn)
