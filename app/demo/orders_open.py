"""Orders under way: one for every state in which a customer can be waiting."""

from collections.abc import Callable
from datetime import date

from app.demo.baskets import pay, place, want
from app.demo.parcels import deliver, expect, send
from app.demo.people import ALICE, BOB, CHLOE
from app.ingest.snapshot import OrderSnapshot, Payment


def awaiting_transfer(today: date) -> OrderSnapshot:
    order = place(today, 1, "22:47", ALICE, [want("AN-STOOL", "65 cm"), want("AN-CUSHION", "Rouille", quantity=2)])
    order.payment = "unpaid"
    pay(order, Payment(kind="bank_transfer"))
    return order


def authorised(today: date) -> OrderSnapshot:
    order = place(today, 1, "20:12", ALICE, [want("HL-AMPLIFIER", "Walnut"), want("HL-CABLE", "5 m", quantity=2)])
    order.payment = "authorised"
    return order


def being_prepared(today: date) -> OrderSnapshot:
    return place(today, 2, "12:38", ALICE, [want("AN-PLATE", "Rameau", quantity=6), want("AN-BOWL", "Lagune")])


def being_prepared_for_chloe(today: date) -> OrderSnapshot:
    return place(today, 1, "18:05", CHLOE, [want("AL-FONDUE", "Brique"), want("AL-CHEESE", quantity=2)])


def label_made(today: date) -> OrderSnapshot:
    order = place(today, 2, "21:30", BOB, [want("AN-VASE", "Ardoise")])
    parcel = send(order, today, (1, "16:20"), "info_received")
    parcel.state, parcel.shipped_at = "draft", None
    return order


def label_ordered(today: date) -> OrderSnapshot:
    order = place(today, 1, "09:15", BOB, [want("HL-METRONOME", "Foncé")])
    parcel = send(order, today, (1, "17:00"), "pending")
    parcel.state, parcel.shipped_at = "draft", None
    return order


def handed_over(today: date) -> OrderSnapshot:
    order = place(today, 3, "08:52", CHLOE, [want("AL-BOOTS", "Cognac, EU 39"), want("AL-BEANIE", "Nuit")])
    send(order, today, (1, "17:45"), "picked_up")
    expect(order, today, (-2, "08:00", "18:00"))
    return order


def arriving_tomorrow(today: date) -> OrderSnapshot:
    basket = [want("AN-TEAPOT", "Bleu nuit", percent=12), want("AN-CUPS", "Sauge", quantity=2), want("AN-CANDLE")]
    order = place(today, 4, "14:03", ALICE, basket)
    send(order, today, (2, "15:05"), "in_transit")
    expect(order, today, (-1, "14:00", "17:00"))
    return order


def arriving_tomorrow_for_chloe(today: date) -> OrderSnapshot:
    order = place(today, 3, "07:40", CHLOE, [want("AL-HONEY", quantity=2), want("AL-TISANE"), want("AL-CHOCOLATE")])
    send(order, today, (1, "11:10"), "in_transit")
    expect(order, today, (-1, "08:00", "12:00"))
    return order


def arriving_next_week(today: date) -> OrderSnapshot:
    order = place(today, 3, "19:26", BOB, [want("HL-TURNTABLE", "Oiled oak"), want("HL-VINYL")])
    send(order, today, (1, "16:35"), "in_transit")
    expect(order, today, (-7, "09:00", "18:00"))
    return order


def out_for_delivery(today: date) -> OrderSnapshot:
    order = place(today, 5, "11:17", ALICE, [want("HL-HEADPHONES", "Indigo")])
    send(order, today, (3, "17:30"), "out_for_delivery")
    expect(order, today, (0, "13:00", "16:00"))
    return order


def out_for_delivery_to_bob(today: date) -> OrderSnapshot:
    order = place(today, 6, "13:08", BOB, [want("AN-CASSEROLE", "Coquelicot")])
    send(order, today, (3, "14:30"), "out_for_delivery")
    expect(order, today, (0, "09:00", "12:00"))
    return order


def nobody_home(today: date) -> OrderSnapshot:
    order = place(today, 6, "21:54", ALICE, [want("HL-PORTABLE", "Corail"), want("HL-CABLE", "3 m")])
    send(order, today, (4, "16:40"), "attempt_failed")
    expect(order, today, (1, "09:00", "13:00"))
    return order


def ready_for_pickup(today: date) -> OrderSnapshot:
    order = place(today, 7, "10:31", ALICE, [want("AN-POT", "Sauge", quantity=2), want("AN-CANDLE", quantity=2)])
    order.shipping_method = "Pick-up point: Tabac des Canuts, 31 Grande Rue, 69004 Lyon"
    send(order, today, (5, "15:10"), "ready_for_pickup", carrier="Chronopost")
    return order


def ready_for_chloe(today: date) -> OrderSnapshot:
    order = place(today, 6, "12:12", CHLOE, [want("AL-SLEDGE")])
    order.shipping_method = "PostPac Priority to the post office 1005 Lausanne"
    send(order, today, (3, "16:00"), "ready_for_pickup")
    return order


def one_of_two_sent(today: date) -> OrderSnapshot:
    order = place(today, 5, "17:49", ALICE, [want("AN-CASSEROLE", "Graphite"), want("AN-CLOCK", "Walnut")])
    send(order, today, (2, "15:00"), "in_transit", only="1")
    expect(order, today, (-2, "09:00", "18:00"))
    return order


def one_of_two_delivered(today: date) -> OrderSnapshot:
    order = place(today, 8, "20:44", BOB, [want("HL-SPEAKERS", "Walnut"), want("HL-CABLE", "10 m", quantity=2)])
    send(order, today, (6, "16:15"), "delivered", only="2")
    deliver(order, today, (3, "10:22"))
    send(order, today, (5, "16:15"), "in_transit")
    expect(order, today, (-1, "09:00", "18:00"))
    return order


def delayed(today: date) -> OrderSnapshot:
    order = place(today, 9, "22:08", ALICE, [want("HL-RADIO", "Crème")])
    send(order, today, (7, "17:10"), "delayed")
    expect(order, today, (-3, "08:00", "18:00"))
    return order


def held_at_customs(today: date) -> OrderSnapshot:
    """From Switzerland into the Union: sold without Swiss tax, import duties fall due at the border."""
    order = place(today, 10, "19:33", ALICE, [want("AL-BACKPACK", "Sapin"), want("AL-KNIFE", "Noyer")])
    send(order, today, (8, "14:25"), "on_hold")
    return order


def held_for_bob(today: date) -> OrderSnapshot:
    order = place(today, 11, "08:19", BOB, [want("AL-BOTTLE", "Granit"), want("AL-LANTERN")])
    send(order, today, (9, "15:45"), "on_hold")
    return order


def overdue(today: date) -> OrderSnapshot:
    """Promised for last week, and no word since: the counter marks it by itself."""
    order = place(today, 12, "20:26", ALICE, [want("AN-LAMP", "Canard, saffron shade")])
    send(order, today, (10, "16:10"), "in_transit")
    expect(order, today, (5, "08:00", "18:00"))
    return order


def without_a_date(today: date) -> OrderSnapshot:
    """Nobody has named a day; what this shop's parcels usually take is told instead."""
    order = place(today, 2, "10:24", ALICE, [want("AN-VASE", "Ardoise")])
    send(order, today, (1, "15:30"), "in_transit")
    return order


def letter_without_news(today: date) -> OrderSnapshot:
    order = place(today, 8, "16:02", ALICE, [want("AN-CUSHION", "Céladon")])
    order.shipping_method = "La Poste, tracked letter"
    send(order, today, (6, "12:00"), "unknown", carrier="La Poste")
    return order


def label_replaced(today: date) -> OrderSnapshot:
    """The first label was void: its parcel is cancelled and without contents, the second one is on its way."""
    order = place(today, 7, "15:36", BOB, [want("HL-EARBUDS", "Noir")])
    void = send(order, today, (5, "14:00"), "cancelled")
    void.state, void.shipped_at, void.lines = "cancelled", None, []
    send(order, today, (4, "16:50"), "in_transit")
    expect(order, today, (-2, "09:00", "18:00"))
    return order


SCENES: tuple[Callable[[date], OrderSnapshot], ...] = (
    awaiting_transfer, authorised, being_prepared, being_prepared_for_chloe, label_made, label_ordered, handed_over,
    arriving_tomorrow, arriving_tomorrow_for_chloe, arriving_next_week, out_for_delivery, out_for_delivery_to_bob,
    nobody_home, ready_for_pickup, ready_for_chloe, one_of_two_sent, one_of_two_delivered, delayed, held_at_customs,
    held_for_bob, overdue, without_a_date, letter_without_news, label_replaced,
)  # fmt: skip
