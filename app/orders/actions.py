"""What a customer can do with an order of theirs."""

from app import db
from app.accounts import customers
from app.errors import Missing
from app.events import actions as events
from app.orders import revisions


async def put_away(customer: int, address: str, *, archived: bool) -> None:
    """Archives the order, or takes it out again; said twice, it is done once. Raises Missing for a stranger's."""
    async with db.transaction():
        await customers.lock(customer)
        order = await db.one("SELECT id, archived FROM orders WHERE customer = {} AND address = {}", customer, address)
        if order is None:
            raise Missing
        if bool(order["archived"]) == archived:
            return
        await db.execute("UPDATE orders SET archived = {} WHERE id = {}", archived, order["id"])
        kind = "order_archived" if archived else "order_unarchived"
        await events.record(kind, customer=customer, order=order["id"])
        await revisions.changed(order["id"])
