"""What a source says of an order that ships in exchange: that something of it is cancelled, or its difference paid.
Before it is written, and behind it, in the transaction that writes, with the customer's row locked."""

from msgspec.structs import replace

from app.ingest.milestones import Told
from app.ingest.snapshot import Line, OrderSnapshot
from app.orders import exchanges
from app.payments.bounds import UNPAID
from app.returns import exchange_ends, reducing, shop_calls_off


async def called_off(number: int, before: OrderSnapshot, after: OrderSnapshot) -> Told:
    """What is told of it by that, as milestones name it."""
    if not exchanges.made_here(before.external_id) or not (off := _off(before, after)):
        return set()
    return await shop_calls_off.some(number, off, by=f"source:{after.source}")


async def written(number: int, before: OrderSnapshot, after: OrderSnapshot) -> None:
    here, sent = exchanges.made_here(before.external_id), any(parcel.state == "dispatched" for parcel in after.shipments)
    if here and before.payment in UNPAID and after.payment not in UNPAID:
        await reducing.paid(number)
    if not here and after.cancelled_at and not before.cancelled_at and not sent:
        await exchange_ends.by_the_shop(number, by=f"source:{after.source}")


def still_off(before: OrderSnapshot, after: OrderSnapshot) -> OrderSnapshot:
    """What was cancelled of one that was made here stays so, whatever a program has kept of it; and one that has not heard of
    it does not know what is still to be paid."""
    if not exchanges.made_here(before.external_id):
        return after
    known = {line.id: line for line in before.lines}
    if any(line.id in known and line.cancelled_quantity < known[line.id].cancelled_quantity for line in after.lines):
        payment = before.payment if after.payment in UNPAID else after.payment
        after = replace(after, total=before.total, discount=before.discount, payment=payment)
    lines = [_off_still(line, known[line.id]) if line.id in known else line for line in after.lines]
    return replace(after, lines=lines, cancelled_at=after.cancelled_at or before.cancelled_at)


def _off_still(line: Line, before: Line) -> Line:
    if line.cancelled_quantity >= before.cancelled_quantity:
        return line
    off = min(before.cancelled_quantity, line.quantity)
    return replace(line, cancelled_quantity=off, total=before.total, discount=before.discount)


def _off(before: OrderSnapshot, after: OrderSnapshot) -> dict[str, int]:
    """By the line's id, how many of it are newly cancelled; one that is not named any more is cancelled, too."""
    said = {line.id: line.quantity if after.cancelled_at else line.cancelled_quantity for line in after.lines}
    found = {line.id: said.get(line.id, line.quantity) - line.cancelled_quantity for line in before.lines}
    return {line: count for line, count in found.items() if count > 0}
