"""Orders that are special in what they hold: gifts, vouchers, currencies, addresses, sizes, sums that do not add up."""

from collections.abc import Callable
from datetime import date

from app.demo.baskets import charge, pay, place, want
from app.demo.parcels import deliver, send
from app.demo.people import ALICE, BOB, CHLOE
from app.ingest.snapshot import LineQuantity, OrderSnapshot, Payment

GUESTS = (
    "Adèle Agathe Alma Ambre Anaïs André Armand Aurélien Bastien Béatrice Benoît Camille Capucine Cédric Céleste "
    "Claire Clément Colette Côme Delphine Édouard Élise Éloi Émile Esteban Étienne Eugénie Fabien Félicie Flore "
    "Françoise Gaëlle Gaston Geneviève Gisèle Grégoire Héloïse Honoré Inès Irène Jérôme Joël Josépha Jules Léonie "
    "Loïc Lucie Maël Maïa Marguerite Maxence Mélanie Noémie Océane Odile Ombeline Philémon Raphaël Rémi Solène "
    "Théo Valérie"
)


def download_only(today: date) -> OrderSnapshot:
    return place(today, 29, "22:36", ALICE, [want("HL-DOWNLOAD")])


def download_for_nothing(today: date) -> OrderSnapshot:
    order = place(today, 30, "09:44", ALICE, [want("HL-DOWNLOAD")], percent=100)
    order.discount_codes = ["VINYLE-OFFERT"]
    return order


def gift_card_bought(today: date) -> OrderSnapshot:
    order = place(today, 19, "20:20", ALICE, [want("AN-GIFT-CARD", quantity=2)])
    order.gift_message = "Pour ta nouvelle cuisine, choisis ce qui te plaît. Joyeux anniversaire !"
    return order


def gift_card_spent(today: date) -> OrderSnapshot:
    order = place(today, 52, "15:24", ALICE, [want("AN-LAMP", "Canard, saffron shade")])
    pay(
        order,
        Payment(kind="gift_card", amount=5000, last_four="7QK2"),
        Payment(kind="card", brand="Visa", last_four="4242"),
    )
    return _delivered(order, today, 50, 47)


def gift_to_parents(today: date) -> OrderSnapshot:
    order = place(today, 44, "16:51", ALICE, [want("AN-VASE", "Rose des sables"), want("AN-CANDLE")], to="parents")
    charge(order, "Gift wrap", 390, 200)
    order.gift_message = "Chers parents,\nbon anniversaire de mariage ! À dimanche,\nAlice"
    return _delivered(order, today, 42, 39)


def tablecloth_for_the_studio(today: date) -> OrderSnapshot:
    """The long title, a code, and a bill to another address than the parcel's."""
    order = place(today, 71, "10:09", ALICE, [want("AN-TABLECLOTH", "Écru, rust stripe")], to="studio", percent=10)
    order.discount_codes = ["BIENVENUE10"]
    return _delivered(order, today, 69, 66)


def billed_to_the_studio(today: date) -> OrderSnapshot:
    order = place(today, 83, "14:42", ALICE, [want("HL-SPEAKERS", "Oiled oak"), want("HL-CABLE", "5 m", quantity=2)])
    order.billing_address = ALICE.addresses["studio"]
    order.note = "Please leave it with the concierge, entrance from the courtyard."
    pay(order, Payment(kind="invoice", reference="30 days net"))
    return _delivered(order, today, 80, 76)


def sums_that_do_not_add_up(today: date) -> OrderSnapshot:
    """The shop charged ten cents more than its parts come to; the order is kept as it was told."""
    order = place(today, 17, "11:55", ALICE, [want("AN-CUPS", "Terre cuite"), want("AN-PLATE", "Plain", quantity=2)])
    order.total += 10
    pay(order, order.payments[0])
    order.payments[0].amount = order.total
    return _delivered(order, today, 15, 12)


def to_grace_in_portland(today: date) -> OrderSnapshot:
    order = place(today, 57, "19:19", BOB, [want("AN-TEAPOT", "Sauge"), want("AN-CANDLE", quantity=2)], to="sister")
    order.gift_message = "Happy housewarming, Grace! Love, Bob"
    return _delivered(order, today, 54, 47)


def to_leo_in_kyoto(today: date) -> OrderSnapshot:
    order = place(today, 64, "07:30", CHLOE, [want("AN-CUSHION", "Ocre"), want("AN-BOWL", "Lagune")], to="brother")
    return _delivered(order, today, 62, 55)


def wedding(today: date) -> OrderSnapshot:
    """More lines than fit a page, in three parcels; the plates are spread over two of them."""
    cups = [want("AN-CUPS", f"With a first name: {name}") for name in GUESTS.split()]
    order = place(today, 204, "21:33", ALICE, [want("AN-PLATE", "Rameau", quantity=60), *cups, want("AN-TABLECLOTH")])
    order.note = "For the 62 guests; the names as in the list, accents included."
    send(order, today, (190, "15:30"), "delivered").lines = [LineQuantity(line="1", quantity=36)]
    deliver(order, today, (187, "10:10"))
    parcel = send(order, today, (189, "15:30"), "delivered")
    parcel.lines, cups_left = parcel.lines[:32], parcel.lines[32:]
    deliver(order, today, (186, "10:40"))
    send(order, today, (188, "15:30"), "delivered").lines = cups_left
    deliver(order, today, (185, "11:20"))
    return order


def _delivered(order: OrderSnapshot, today: date, sent: int, arrived: int) -> OrderSnapshot:
    send(order, today, (sent, "15:55"), "delivered")
    deliver(order, today, (arrived, "11:37"))
    return order


SCENES: tuple[Callable[[date], OrderSnapshot], ...] = (
    download_only, download_for_nothing, gift_card_bought, gift_card_spent, gift_to_parents, tablecloth_for_the_studio,
    billed_to_the_studio, sums_that_do_not_add_up, to_grace_in_portland, to_leo_in_kyoto, wedding,
)  # fmt: skip
