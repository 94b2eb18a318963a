"""What happens to a demo order after it was placed: parcels, cancellations, refunds."""

from datetime import date
from random import Random

from app.demo.carriers import tracking
from app.demo.catalogue import merchant_of
from app.demo.days import moment
from app.demo.people import ZONES
from app.demo.postage import POSTAGE
from app.ingest.snapshot import CarrierStatus, LineQuantity, OrderSnapshot, PaymentKind, Refund, Shipment

When = tuple[int, str]  # days before today, clock
Window = tuple[int, str, str]  # days before today (negative: to come), from, to


def send(
    order: OrderSnapshot, today: date, when: When, status: CarrierStatus, *, carrier: str = "", only: str = ""
) -> Shipment:
    """A parcel handed over at that time of the merchant's clock, with the lines `only` names ("1 3"), else the rest."""
    shipment = Shipment(
        id=str(len(order.shipments) + 1),
        carrier=carrier or POSTAGE[order.merchant, _country(order)].carrier,
        status=status,
        shipped_at=moment(today, *when, merchant_of(order.merchant).zone),
        lines=[part for part in unsent(order) if not only or part.line in only.split()],
    )
    order.shipments.append(shipment)
    return shipment


def unsent(order: OrderSnapshot) -> list[LineQuantity]:
    """What is neither cancelled nor in a parcel yet."""
    left = {line.id: line.quantity - line.cancelled_quantity for line in order.lines if line.needs_shipping}
    for part in (part for shipment in order.shipments for part in shipment.lines):
        left[part.line] -= part.quantity
    return [LineQuantity(line=line, quantity=quantity) for line, quantity in left.items() if quantity]


def expect(order: OrderSnapshot, today: date, window: Window) -> None:
    """The last parcel's promise, by the clock of where it goes."""
    days, start, end = window
    shipment, zone = order.shipments[-1], ZONES[_country(order)]
    shipment.estimated_from, shipment.estimated_to = moment(today, days, start, zone), moment(today, days, end, zone)


def deliver(order: OrderSnapshot, today: date, when: When) -> None:
    shipment = order.shipments[-1]
    shipment.status, shipment.delivered_at = "delivered", moment(today, *when, ZONES[_country(order)])


def cancel(order: OrderSnapshot, today: date, when: When, reason: str, *, only: str = "") -> None:
    """Lines not sent any more; without `only` the whole order."""
    for line in order.lines:
        if not only or line.id in only.split():
            line.cancelled_quantity = line.quantity
    order.cancel_reason = reason
    if not only:
        order.cancelled_at = moment(today, *when, merchant_of(order.merchant).zone)


def refund(order: OrderSnapshot, today: date, when: When, reason: str, parts: dict[str, int], amount: int = 0) -> Refund:
    """Back to where the first payment came from, for these quantities; `amount` when it is not simply their price."""
    lines = {line.id: line for line in order.lines}
    worth = sum(lines[id].total * quantity // lines[id].quantity for id, quantity in parts.items())
    return give_back(order, today, when, reason, parts, amount or worth, order.payments[0].kind)


def refund_all(order: OrderSnapshot, today: date, when: When, reason: str) -> None:
    """Everything, postage included, each payment to where it came from."""
    parts = {line.id: line.quantity for line in order.lines}
    for payment in order.payments:
        give_back(order, today, when, reason, parts, payment.amount or 0, payment.kind)
        parts = {}


def give_back(
    order: OrderSnapshot, today: date, when: When, reason: str, parts: dict[str, int], amount: int, kind: PaymentKind
) -> Refund:
    given = Refund(
        id=f"R{len(order.refunds) + 1}",
        amount=amount,
        at=moment(today, *when, merchant_of(order.merchant).zone),
        kind=kind,
        reason=reason,
        lines=[LineQuantity(line=id, quantity=quantity) for id, quantity in parts.items()],
    )
    order.refunds.append(given)
    order.payment = "refunded" if sum(one.amount for one in order.refunds) >= order.total else "partly_refunded"
    return given


def track(order: OrderSnapshot) -> None:
    """Numbers for the parcels, made from the order's own, so that they are the same on every day."""
    for shipment in order.shipments:
        rng = Random(f"{order.external_id} {shipment.id}")  # noqa: S311 (made-up numbers)
        shipment.tracking_number, shipment.tracking_url = tracking(shipment.carrier, rng)


def _country(order: OrderSnapshot) -> str:
    return order.shipping_address.country if order.shipping_address else ""
