"""Whether the goods that a withdrawal is about were sent at all, and whether they have come: nobody sends back what they do not
have. Parcels whose contents nobody named may hold any of them."""

from datetime import timedelta

from app import clock, db

LONGEST_WAY = timedelta(days=30)  # after which a parcel of which nothing is heard is taken to have come
ITS_PARCELS = """
SELECT s.status, s.delivered_at, s.shipped_at, o.placed_at
FROM shipments s JOIN orders o ON o.id = s."order"
WHERE s.state = 'dispatched' AND s.status <> 'returned_to_sender'
AND s."order" IN (SELECT rl."order" FROM return_lines rl WHERE rl.of_return = {})
AND (NOT EXISTS (SELECT 1 FROM shipment_lines c WHERE c.shipment = s.id) OR EXISTS (
  SELECT 1 FROM shipment_lines c JOIN return_lines rl ON rl.line = c.line WHERE c.shipment = s.id AND rl.of_return = {}))
"""


async def sent(of_return: int) -> bool:
    return bool(await db.rows(ITS_PARCELS, of_return, of_return))


async def coming(of_return: int) -> bool:
    """Some of what was sent is not there yet, as far as anybody has told."""
    return not all(_there(row) for row in await db.rows(ITS_PARCELS, of_return, of_return))


def _there(row: db.Row) -> bool:
    late: bool = (row["shipped_at"] or row["placed_at"]) <= clock.now() - LONGEST_WAY
    return row["status"] == "delivered" or row["delivered_at"] is not None or late
