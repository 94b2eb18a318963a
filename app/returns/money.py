"""The money of a return: each refund is found by the return that it is for, and nothing of another one."""

from app import db
from app.errors import Missing
from app.orders import refund_steps
from app.returns import kept

ADDRESS = 'SELECT o.address FROM refunds r JOIN orders o ON o.id = r."order" WHERE r.id = {} AND r.of_return = {}'


async def arrived(customer: int, code: str, refund: int) -> None:
    """Its customer has it. Raises Missing, Refused for what was not sent yet. Said twice, it is done once."""
    it = await kept.owned_by(customer, code)
    found = await db.one(ADDRESS, refund, it.it.id)
    if found is None:
        raise Missing
    await refund_steps.arrived(customer, found["address"], refund)
