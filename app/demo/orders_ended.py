"""Orders that ended, well or otherwise: delivered, sent back, cancelled, refunded."""

from collections.abc import Callable
from datetime import date

from app.demo.baskets import pay, place, want
from app.demo.parcels import cancel, deliver, refund, refund_all, send
from app.demo.people import ALICE, BOB, CHLOE
from app.ingest.snapshot import OrderSnapshot, Payment


def delivered_today(today: date) -> OrderSnapshot:
    order = place(today, 4, "09:21", ALICE, [want("AN-PITCHER", "Céladon"), want("AN-CUPS", "Craie")])
    send(order, today, (2, "16:45"), "delivered", carrier="Chronopost")
    order.shipping_method = "Chronopost, before 8 o’clock"
    deliver(order, today, (0, "07:12"))
    return order


def delivered_yesterday(today: date) -> OrderSnapshot:
    order = place(today, 6, "18:27", ALICE, [want("HL-VINYL"), want("HL-METRONOME", "Clair")])
    send(order, today, (4, "16:30"), "delivered")
    deliver(order, today, (1, "11:48"))
    return order


def delivered_yesterday_to_bob(today: date) -> OrderSnapshot:
    order = place(today, 7, "12:55", BOB, [want("AN-TEAPOT", "Craie"), want("AN-CUPS", "Craie", quantity=2)])
    send(order, today, (5, "15:20"), "delivered")
    deliver(order, today, (1, "14:31"))
    return order


def returned_to_sender(today: date) -> OrderSnapshot:
    order = place(today, 24, "20:01", ALICE, [want("HL-MICROPHONE", "Corail")])
    send(order, today, (22, "17:05"), "returned_to_sender")
    return order


def returned_to_sender_and_refunded(today: date) -> OrderSnapshot:
    order = place(today, 47, "19:13", BOB, [want("AN-LAMP", "Craie, linen shade")])
    send(order, today, (45, "16:00"), "returned_to_sender")
    refund_all(order, today, (29, "10:15"), "Parcel came back")
    return order


def cancelled_by_alice(today: date) -> OrderSnapshot:
    order = place(today, 12, "23:18", ALICE, [want("AL-TENT", "Lichen")])
    cancel(order, today, (11, "08:40"), "Cancelled by the customer")
    refund_all(order, today, (11, "08:41"), "Order cancelled")
    return order


def never_paid(today: date) -> OrderSnapshot:
    order = place(today, 33, "17:22", BOB, [want("HL-AMPLIFIER", "Oiled oak")])
    order.payment = "unpaid"
    pay(order, Payment(kind="bank_transfer"))
    cancel(order, today, (23, "09:00"), "No payment within ten days")
    return order


def one_line_cancelled(today: date) -> OrderSnapshot:
    basket = [want("AN-PLATE", "Fougère", quantity=4), want("AN-BOWL", "Sable"), want("AN-PITCHER", "Craie")]
    order = place(today, 15, "13:37", ALICE, basket)
    cancel(order, today, (14, "10:05"), "Salad bowl “Marée”: broken in the kiln", only="2")
    refund(order, today, (14, "10:06"), "Item cancelled", {"2": 1})
    send(order, today, (13, "15:15"), "delivered")
    deliver(order, today, (10, "12:04"))
    return order


def sent_back_in_part(today: date) -> OrderSnapshot:
    order = place(today, 38, "21:11", ALICE, [want("AN-CUSHION", "Ocre", quantity=3), want("AN-CANDLE")])
    send(order, today, (36, "14:50"), "delivered")
    deliver(order, today, (33, "16:20"))
    refund(order, today, (21, "11:30"), "Return: colour differs from the picture", {"1": 2})
    return order


def sent_back_whole(today: date) -> OrderSnapshot:
    order = place(today, 61, "08:07", ALICE, [want("HL-EARBUDS", "Ivoire")])
    send(order, today, (59, "17:15"), "delivered")
    deliver(order, today, (56, "13:44"))
    refund_all(order, today, (42, "15:00"), "Withdrawal within 14 days")
    return order


def refund_on_its_way(today: date) -> OrderSnapshot:
    """Received back, not yet paid out: a pending refund leaves the order paid."""
    order = place(today, 26, "18:48", CHLOE, [want("AL-BOOTS", "Anthracite, EU 38"), want("AL-BOTTLE", "Glacier")])
    send(order, today, (24, "16:10"), "delivered")
    deliver(order, today, (22, "09:35"))
    refund(order, today, (1, "16:30"), "Return: too small", {"1": 1}).state = "pending"
    order.payment = "paid"
    return order


def refund_failed_once(today: date) -> OrderSnapshot:
    """The card had expired; the money went by another way."""
    order = place(today, 95, "10:58", BOB, [want("AN-CLOCK", "Oiled oak"), want("AN-POT", "Terre cuite")])
    send(order, today, (93, "15:40"), "delivered")
    deliver(order, today, (89, "11:02"))
    refund(order, today, (80, "10:00"), "Return: changed my mind", {"1": 1}).state = "failed"
    refund(order, today, (77, "10:00"), "Return: changed my mind", {"1": 1}).kind = "bank_transfer"
    order.payment = "partly_refunded"
    return order


SCENES: tuple[Callable[[date], OrderSnapshot], ...] = (
    delivered_today, delivered_yesterday, delivered_yesterday_to_bob, returned_to_sender,
    returned_to_sender_and_refunded, cancelled_by_alice, never_paid, one_line_cancelled, sent_back_in_part,
    sent_back_whole, refund_on_its_way, refund_failed_once,
)  # fmt: skip
