"""An order that has changed: its customer's revision rises, and the order notes at which one it changed last.

Every verb that changes what a customer sees of an order says so here, in its transaction and with the customer's row locked:
their open pages hear of it, and a phone that keeps the order asks for it again. Whoever takes orders in writes the column with
the rest of the row (`ingest/batch.py`).
"""

from collections.abc import Collection

from app import db

RAISE = "UPDATE customers SET revision = revision + 1 WHERE id IN (SELECT customer FROM orders WHERE id IN ({marks}))"
NOTE = "UPDATE orders SET revision = (SELECT c.revision FROM customers c WHERE c.id = orders.customer) WHERE id IN ({marks})"


async def changed(*orders: int) -> None:
    """Each of these (ids) once, each customer's revision once."""
    numbers: Collection[int] = sorted(set(orders))
    if not numbers:
        return
    marks = db.marks(len(numbers))
    await db.execute(RAISE.format(marks=marks), *numbers)
    await db.execute(NOTE.format(marks=marks), *numbers)
