"""The rights in each line of a customer's order: what “What happened?” asks first."""

from datetime import datetime

from app import reading
from app.orders import kept as order_rows
from app.returns import kept, ordered
from app.returns.ordered import OrderRights
from app.shipments import kept as parcel_rows

LINES, PARCELS, CONTENTS = order_rows.PARTS[0], *parcel_rows.PARTS[:2]
WHOLE = (order_rows.ORDER, *(part.of(order_rows.THIS) for part in (LINES, PARCELS, CONTENTS, *kept.PARTS)))


async def of_order(customer: int, address: str, *, at: datetime | None = None) -> OrderRights:
    """As they are at that moment, now unless it is said. Raises Missing: a stranger's order does not exist."""
    orders, lines, parcels, contents, terms, repairs = await reading.together(WHOLE, customer, address)
    return ordered.rights(order_rows.the_one(orders), lines, parcels, contents, terms[0], repairs, at)
