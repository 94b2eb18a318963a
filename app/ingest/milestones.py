"""What a snapshot says has happened: one entry for each moment the customer's timeline shows.

An update records the milestones that neither its forerunner nor the order's events have, so nothing is told twice.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from app import clock, db
from app.events import of_order
from app.ingest.snapshot import OrderSnapshot, Shipment

Told = set[tuple[str, str]]  # kind, key
TOLD = f'SELECT "order", kind, data FROM events WHERE "order" IN ({{orders}}) AND {of_order.ITSELF}'  # noqa: S608


class Milestone(Struct, frozen=True):
    """`key` tells milestones of one kind apart within an order; the event keeps it in its data."""

    kind: str
    key: str
    at: datetime | None
    data: tuple[tuple[str, Any], ...] = ()


def milestones(order: OrderSnapshot) -> list[Milestone]:
    found = [Milestone("order_placed", "", order.placed_at)]
    if order.payment in ("paid", "partly_refunded", "refunded") and order.total > 0:
        found.append(Milestone("order_paid", "", order.placed_at))
    for shipment in order.shipments:
        found += _of_shipment(shipment)
    for refund in order.refunds:
        if refund.state == "succeeded":
            found.append(Milestone("refund_succeeded", refund.id, refund.at, (
                ("amount", refund.amount), ("currency", order.currency), ("reason", refund.reason), ("means", refund.kind),
                ("by", "source"),
            )))  # fmt: skip
    for line in order.lines:
        if line.cancelled_quantity and not order.cancelled_at:
            what = (("title", line.title), ("quantity", line.cancelled_quantity))
            found.append(Milestone("line_cancelled", f"{line.id} {line.cancelled_quantity}", order.updated_at, what))
    if order.cancelled_at:
        found.append(Milestone("order_cancelled", "", order.cancelled_at, (("reason", order.cancel_reason),)))
    return found


def news(before: OrderSnapshot, after: OrderSnapshot, told: Told) -> list[Milestone]:
    """What an update has to tell that was never told of the order; that it changed, when there is nothing else to say."""
    known = told | {(one.kind, one.key) for one in milestones(before)}
    fresh = [_learnt(one, after.updated_at) for one in milestones(after) if (one.kind, one.key) not in known]
    return fresh or [Milestone("order_updated", "", after.updated_at or clock.now())]


def _learnt(one: Milestone, at: datetime | None) -> Milestone:
    """No source says when it was paid: with the order when it came paid, else when we were told, if that is known."""
    return msgspec.structs.replace(one, at=at) if one.kind == "order_paid" else one


async def told(order_ids: Sequence[int]) -> dict[int, Told]:
    """What the orders' events have told already, by order id."""
    found: dict[int, Told] = {order_id: set() for order_id in order_ids}
    if not found:
        return found
    events = await db.scan(TOLD.format(orders=db.marks(len(order_ids))), *order_ids)
    for event in events:
        found[event["order"]].add((event["kind"], msgspec.json.decode(event["data"]).get("key", "")))
    return found


def _of_shipment(shipment: Shipment) -> list[Milestone]:
    if shipment.state != "dispatched":
        return []
    data = (("carrier", shipment.carrier), ("tracking_number", shipment.tracking_number))
    found = [Milestone("shipment_dispatched", shipment.id, shipment.shipped_at, data)]
    if shipment.status == "delivered":
        found.append(Milestone("shipment_delivered", shipment.id, shipment.delivered_at, data))
    elif shipment.status in ("out_for_delivery", "ready_for_pickup", "attempt_failed", "returned_to_sender"):
        found.append(Milestone(f"shipment_{shipment.status}", shipment.id, None, data))
    return found
