"""Every state in which a customer can find an order is in the demo."""

from datetime import date

import pytest

from app.ingest.snapshot import OrderSnapshot

pytestmark = pytest.mark.without_database

TODAY = date(2026, 11, 21)

STATES = {
    "awaiting a transfer": lambda one: one.payment == "unpaid" and not one.cancelled_at,
    "authorised": lambda one: one.payment == "authorised",
    "being prepared": lambda one: one.payment == "paid" and not one.shipments and one.lines[0].needs_shipping,
    "label made": lambda one: [parcel.state for parcel in one.shipments] == ["draft"],
    "partly sent": lambda one: 0 < sent(one) < ordered(one),
    "partly delivered": lambda one: {parcel.status for parcel in one.shipments} == {"delivered", "in_transit"},
    "cancelled before payment": lambda one: one.cancelled_at and one.payment == "unpaid",
    "cancelled and refunded": lambda one: one.cancelled_at and one.payment == "refunded",
    "a line cancelled": lambda one: not one.cancelled_at and any(line.cancelled_quantity for line in one.lines),
    "partly refunded": lambda one: one.payment == "partly_refunded",
    "refunded after delivery": lambda one: one.payment == "refunded" and delivered(one),
    "refund pending": lambda one: any(refund.state == "pending" for refund in one.refunds),
    "refund failed": lambda one: any(refund.state == "failed" for refund in one.refunds),
    "closed": lambda one: one.closed_at,
    "digital only": lambda one: one.total and not any(line.needs_shipping for line in one.lines),
    "a gift": lambda one: one.gift_message and one.shipping_address.city == "Annecy" if one.shipping_address else False,
    "two kinds of payment": lambda one: [payment.kind for payment in one.payments] == ["gift_card", "card"],
    "a code": lambda one: one.discount and one.discount_codes,
    "for nothing": lambda one: one.total == 0,
    "sixty lines and more": lambda one: len(one.lines) > 60,
    "a long title": lambda one: any(len(line.title) > 150 for line in one.lines),
    "billed elsewhere": lambda one: one.shipping_address and one.billing_address.city != one.shipping_address.city,
    "a void label": lambda one: any(parcel.state == "cancelled" for parcel in one.shipments),
}


def ordered(order: OrderSnapshot) -> int:
    return sum(line.quantity - line.cancelled_quantity for line in order.lines if line.needs_shipping)


def sent(order: OrderSnapshot) -> int:
    return sum(part.quantity for parcel in order.shipments if parcel.state == "dispatched" for part in parcel.lines)


def delivered(order: OrderSnapshot) -> bool:
    return bool(order.shipments) and all(parcel.status == "delivered" for parcel in order.shipments)


@pytest.mark.parametrize("state", STATES)
def test_there_is_an_order_in_each_state(orders, state):
    assert [order.number for order in orders if STATES[state](order)]


def test_carriers_say_everything_they_can_say(orders):
    assert {parcel.status for parcel in (parcel for order in orders for parcel in order.shipments)} == {
        "pending", "info_received", "picked_up", "in_transit", "on_hold", "delayed", "out_for_delivery",
        "ready_for_pickup", "attempt_failed", "delivered", "returned_to_sender", "cancelled", "unknown",
    }  # fmt: skip


def test_alice_waits_for_parcels_today_tomorrow_and_later(orders):
    ends = {
        parcel.estimated_to
        for parcel in (parcel for order in orders for parcel in order.shipments)
        if parcel.status in ("in_transit", "out_for_delivery")
    }
    assert {(at.date() - TODAY).days for at in ends if at} >= {0, 1, 2, 7}
    assert {
        (TODAY - parcel.delivered_at.date()).days
        for parcel in (parcel for order in orders for parcel in order.shipments)
        if parcel.delivered_at
    } >= {0, 1}
