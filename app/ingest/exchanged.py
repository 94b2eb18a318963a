"""What a source says of an order that ships in exchange: that something of it is cancelled, or its difference paid.
Before it is written, and behind it, in the transaction that writes, with the customer's row locked."""

from app.ingest.milestones import Told
from app.ingest.snapshot import OrderSnapshot
from app.orders import exchanges
from app.payments.bounds import UNPAID
from app.returns import exchange_ends, reducing, shop_calls_off


async def called_off(number: int, before: OrderSnapshot, after: OrderSnapshot) -> Told:
    """What is told of it by that, as milestones name it."""
    by = f"source:{after.source}"
    if exchanges.made_here(before.external_id):
        return await shop_calls_off.some(number, _off(before, after), by=by) if _off(before, after) else set()
    sent = any(parcel.state == "dispatched" for parcel in after.shipments)
    if after.cancelled_at and not before.cancelled_at and not sent:
        await exchange_ends.by_the_shop(number, by=by)
    return set()


async def paid(number: int, before: OrderSnapshot, after: OrderSnapshot) -> None:
    if before.payment in UNPAID and after.payment not in UNPAID and exchanges.made_here(before.external_id):
        await reducing.paid(number)


def _off(before: OrderSnapshot, after: OrderSnapshot) -> dict[str, int]:
    """By the line's id, how many of it are newly cancelled; one that is not named any more is cancelled, too."""
    said = {line.id: line.quantity if after.cancelled_at else line.cancelled_quantity for line in after.lines}
    found = {line.id: said.get(line.id, line.quantity) - line.cancelled_quantity for line in before.lines}
    return {line: count for line, count in found.items() if count > 0}
