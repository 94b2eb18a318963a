"""The ordinary orders of three years: drawn at random, but the same ones every time."""

from collections.abc import Iterator
from datetime import date
from random import Random

from app.demo.baskets import Wish, place, want
from app.demo.catalogue import MERCHANTS, PRODUCTS, Product
from app.demo.days import moment, weekday
from app.demo.parcels import cancel, deliver, refund, refund_all, send, unsent
from app.demo.people import ALICE, BOB, CHLOE, Customer
from app.ingest.snapshot import Line, OrderSnapshot

OLDEST, NEWEST = 1090, 16  # days before today
SHARES: tuple[tuple[Customer, int, tuple[int, int, int]], ...] = (  # how many, and from which merchants (weights)
    (ALICE, 114, (50, 22, 28)),
    (BOB, 68, (35, 50, 15)),
    (CHLOE, 33, (30, 18, 52)),
)
CODES = ("BIENVENUE10", "PRINTEMPS", "MERCI")


def everyday(today: date) -> Iterator[OrderSnapshot]:
    for customer, count, tastes in SHARES:
        step = (OLDEST - NEWEST) / count
        for at in range(count):
            rng = Random(f"{customer.person.email} {at}")  # noqa: S311 (goods, not secrets)
            yield _order(today, round(OLDEST - step * (at + rng.random())), customer, tastes, rng)


def _order(today: date, days: int, customer: Customer, tastes: tuple[int, int, int], rng: Random) -> OrderSnapshot:
    merchant = rng.choices(MERCHANTS, tastes)[0]
    clock = f"{rng.randint(7, 22):02}:{rng.randint(0, 59):02}"
    percent = 10 if rng.random() < 0.07 else 0
    order = place(today, days, clock, customer, _basket(merchant.slug, rng), percent=percent)
    order.discount_codes = [rng.choice(CODES)] if percent else []
    paid = rng.choice(customer.pays)
    order.payments[0].kind, order.payments[0].brand, order.payments[0].last_four = paid.kind, paid.brand, paid.last_four
    _go_on(order, today, days, rng)
    return order


def _basket(merchant: str, rng: Random) -> list[Wish]:
    """One to four different things, cheap ones more often and several at a time, vouchers and downloads rarely."""
    choice = [product for product in PRODUCTS if product.merchant == merchant]
    wishes = []
    for _ in range(rng.choices((1, 2, 3, 4), (46, 30, 15, 9))[0]):
        product = rng.choices(choice, [(0.2 if one.digital else 1) / one.price**0.6 for one in choice])[0]
        choice.remove(product)
        wishes.append(_wish(product, rng))
    return wishes


def _wish(product: Product, rng: Random) -> Wish:
    quantity = rng.choice((1, 1, 1, 2, 2, 3)) if product.price < 6000 and not product.digital else 1
    percent = rng.choice((10, 15, 20)) if rng.random() < 0.1 else 0
    return want(product.sku, rng.choice(product.variants), quantity=quantity, percent=percent)


def _go_on(order: OrderSnapshot, today: date, days: int, rng: Random) -> None:
    """Most orders arrive; a few are cancelled, come in two parcels or go back."""
    fate = rng.random()
    if fate < 0.03:
        cancel(order, today, (days - 1, "09:30"), "Cancelled by the customer")
        refund_all(order, today, (days - 1, "09:31"), "Order cancelled")
        return
    arrived = _send(order, today, days, rng, in_two=fate > 0.88)
    if 0.03 <= fate < 0.08 and not order.discount and _returnable(order.lines[0]):
        refund(order, today, (max(arrived - 11, 2), "10:45"), "Return: changed my mind", {"1": 1})
    if days > 120:
        order.closed_at = moment(today, arrived - 60, "03:00", "UTC")


def _returnable(line: Line) -> bool:
    """Food and downloads are excepted from withdrawal (Directive 2011/83/EU, article 16)."""
    return line.needs_shipping and line.category != "Food"


def _send(order: OrderSnapshot, today: date, days: int, rng: Random, *, in_two: bool) -> int:
    """Parcels on working days; says how many days ago the last one came (what is not shipped comes at once)."""
    arrived = days
    while left := unsent(order):
        sent = weekday(today, days - 1 - len(order.shipments))
        first = left[0].line if in_two and not order.shipments else ""
        send(order, today, (sent, f"{rng.randint(14, 17)}:{rng.randint(10, 59)}"), "delivered", only=first)
        arrived = weekday(today, sent - rng.randint(1, 4), saturdays=True)
        deliver(order, today, (arrived, f"{rng.randint(9, 18):02}:{rng.randint(0, 59):02}"))
    return arrived
