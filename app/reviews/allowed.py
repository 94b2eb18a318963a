"""Which items of an order may be reviewed: those that were delivered, by who bought them.

What somebody has written stays theirs to change whatever becomes of the order; who has it after them has no say in it.
"""

from msgspec import Struct

from app import db
from app.errors import Missing
from app.orders import kept as orders

# The order as a whole, or a parcel with the item in it.
CAME = """
l.quantity > l.cancelled_quantity AND (o.fulfilment IN ('delivered', 'partly_returned', 'returned') OR EXISTS (
  SELECT 1 FROM shipment_lines c JOIN shipments s ON s.id = c.shipment WHERE c.line = l.id AND s.status = 'delivered'
))
"""
LINES = f"""
SELECT l.id, l.title, l.variant, l.picture, o.id AS "order", o.merchant,
  r.id IS NOT NULL AND r.customer <> o.customer AS by_another
FROM order_lines l JOIN orders o ON o.id = l."order" LEFT JOIN reviews r ON r.line = l.id
WHERE o.customer = {{}} AND o.address = {{}} AND (r.customer = o.customer OR ({CAME})) ORDER BY l.position, l.id
"""  # noqa: S608 - our own words


class Item(Struct, frozen=True):
    """`by_another`: who had the order before has reviewed it."""

    id: int
    title: str
    variant: str
    picture: str
    order: int
    merchant: int
    by_another: bool | int


async def items(customer: int, address: str) -> list[Item]:
    """Raises Missing: a stranger's order does not exist."""
    await orders.owned_by(customer, address)
    return [Item(**row) for row in await db.rows(LINES, customer, address)]


async def item(customer: int, address: str, line: int) -> Item:
    """Raises Missing also for what did not come, and for what another has reviewed."""
    found = next((it for it in await items(customer, address) if it.id == line), None)
    if found is None or found.by_another:
        raise Missing
    return found
