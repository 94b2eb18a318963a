"""Which items of an order may be reviewed: those that were delivered, by who bought them."""

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
SELECT l.id, l.title, l.variant, l.picture, o.id AS "order", o.merchant FROM order_lines l JOIN orders o ON o.id = l."order"
WHERE o.customer = {{}} AND o.address = {{}} AND {CAME} ORDER BY l.position, l.id
"""  # noqa: S608 - our own words


class Item(Struct, frozen=True):
    id: int
    title: str
    variant: str
    picture: str
    order: int
    merchant: int


async def items(customer: int, address: str) -> list[Item]:
    """Raises Missing: a stranger's order does not exist."""
    await orders.owned_by(customer, address)
    return [Item(**row) for row in await db.rows(LINES, customer, address)]


async def item(customer: int, address: str, line: int) -> Item:
    """Raises Missing also for what did not come."""
    found = next((it for it in await items(customer, address) if it.id == line), None)
    if found is None:
        raise Missing
    return found
