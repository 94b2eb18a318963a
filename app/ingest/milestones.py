"""What a snapshot says has happened: one entry for each moment the customer's timeline shows.

An update records the milestones that its forerunner did not have, so nothing is told twice.
"""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.ingest.snapshot import OrderSnapshot, Shipment


class Milestone(Struct, frozen=True):
    """`key` tells milestones of one kind apart within an order."""

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
            data = (("amount", refund.amount), ("currency", order.currency), ("reason", refund.reason))
            found.append(Milestone("refund_succeeded", refund.id, refund.at, data))
    for line in order.lines:
        if line.cancelled_quantity and not order.cancelled_at:
            what = (("title", line.title), ("quantity", line.cancelled_quantity))
            found.append(Milestone("line_cancelled", f"{line.id} {line.cancelled_quantity}", order.updated_at, what))
    if order.cancelled_at:
        found.append(Milestone("order_cancelled", "", order.cancelled_at, (("reason", order.cancel_reason),)))
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
