"""What of an order is agreed to be cancelled, and its source has not cancelled yet: kept on its own rows, where its page
and the lists read it. Nothing of it stays once the source has done so."""

from app import db

AGREED = """
SELECT CASE WHEN SUM(rl.held) > order_lines.cancelled_quantity THEN SUM(rl.held) - order_lines.cancelled_quantity ELSE 0 END
FROM return_lines rl JOIN returns r ON r.id = rl.of_return
WHERE rl.line = order_lines.id AND r.kind = 'cancellation' AND r.state IN ('approved', 'refunded', 'closed')
"""
OF_LINES = f'UPDATE order_lines SET called_off = COALESCE(({AGREED}), 0) WHERE "order" = {{}}'  # noqa: S608 - our own words
OF_ORDER = """
UPDATE orders SET cancelling = CASE
  WHEN NOT EXISTS (SELECT 1 FROM order_lines l WHERE l."order" = orders.id AND l.called_off > 0) THEN ''
  WHEN EXISTS (SELECT 1 FROM order_lines l WHERE l."order" = orders.id AND l.quantity > l.cancelled_quantity + l.called_off)
  THEN 'part' ELSE 'whole' END
WHERE id = {}
"""


async def renew(order: int) -> None:
    """In the transaction of the change."""
    await db.execute(OF_LINES, order)
    await db.execute(OF_ORDER, order)


async def told_anew(order: int) -> None:
    """By its source, which may have cancelled what it was asked to."""
    if await db.rows("SELECT id FROM orders WHERE id = {} AND cancelling <> ''", order):
        await renew(order)
