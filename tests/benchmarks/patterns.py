"""Some thousand different orders out of the demo shop's catalogue; the million are these with other names and dates."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from app.demo.catalogue import MERCHANTS, PRODUCTS, Merchant, product_url
from app.ingest.snapshot import (
    Address,
    CarrierStatus,
    Line,
    LineQuantity,
    OrderSnapshot,
    Payment,
    Person,
    Refund,
    Shipment,
)  # fmt: skip

PLACED = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)
NUMBER, EMAIL = "N00000000", "pattern@bench.example"
LINES = (1, 2, 3, 4, 5, 6)
LINES_WEIGHTS = (55, 22, 11, 6, 4, 2)
CARRIERS = ("Colissimo", "DHL", "Chronopost", "Swiss Post", "DPD")
UNDER_WAY: tuple[CarrierStatus, ...] = ("in_transit", "in_transit", "info_received", "out_for_delivery", "ready_for_pickup")


def patterns(count: int, chance: random.Random, *, done: bool) -> Iterator[OrderSnapshot]:
    """Done: nearly all delivered, some cancelled or refunded. Else: being prepared or on their way."""
    for _ in range(count):
        yield _order(chance, done)


def _order(chance: random.Random, done: bool) -> OrderSnapshot:
    merchant = chance.choice(MERCHANTS)
    lines = _lines(merchant, chance)
    fate = chance.random()
    cancelled, refunded = done and fate < 0.03, done and 0.03 <= fate < 0.07
    total = sum(line.total for line in lines) + 490
    return OrderSnapshot(
        source="bench",
        external_id=NUMBER,
        number=NUMBER,
        merchant=merchant.slug,
        customer=Person(email=EMAIL, name="Camille Morel", locale="fr"),
        placed_at=PLACED,
        currency=merchant.currency,
        lines=lines,
        total=total,
        tax=total // 6,
        prices_include_tax=True,
        shipping=490,
        shipping_method="Standard",
        payment="refunded" if refunded else "paid",
        payments=[Payment(kind="card", brand="Visa", last_four=f"{chance.randrange(10_000):04}", amount=total)],
        shipping_address=_address(merchant, chance),
        shipments=[] if cancelled or (not done and fate < 0.3) else [_shipment(lines, chance, done)],
        refunds=[Refund(id="1", amount=total, at=PLACED + timedelta(days=9), kind="card")] if refunded else [],
        cancelled_at=PLACED + timedelta(hours=2) if cancelled else None,
    )


def _lines(merchant: Merchant, chance: random.Random) -> list[Line]:
    products = [product for product in PRODUCTS if product.merchant == merchant.slug and not product.digital]
    count = chance.choices(LINES, LINES_WEIGHTS)[0]
    made = []
    for n, product in enumerate(chance.sample(products, count), 1):
        quantity = chance.choices((1, 2, 3), (80, 15, 5))[0]
        total = quantity * product.price
        made.append(Line(
            id=str(n), title=product.title, quantity=quantity, unit_price=product.price, total=total, sku=product.sku,
            variant=chance.choice(product.variants), tax=total // 6, picture=product.picture, category=product.category,
            product_url=product_url(product),
        ))  # fmt: skip
    return made


def _address(merchant: Merchant, chance: random.Random) -> Address:
    city, country = {"FR": ("Lyon", "FR"), "DE": ("Leipzig", "DE"), "CH": ("Bern", "CH")}[merchant.country]
    return Address(
        name="Camille Morel",
        street=f"{chance.randrange(1, 200)} rue des Lilas",
        postal_code=f"{chance.randrange(10_000, 99_999)}",
        city=city,
        country=country,
    )


def _shipment(lines: list[Line], chance: random.Random, done: bool) -> Shipment:
    sent, due = PLACED + timedelta(days=1, hours=5), PLACED + timedelta(days=4)
    return Shipment(
        id="1",
        carrier=chance.choice(CARRIERS),
        tracking_number=f"6A{chance.randrange(10**11):011}",
        tracking_url="https://www.carrier.example/track?id=6A",
        status="delivered" if done else chance.choice(UNDER_WAY),
        shipped_at=sent,
        estimated_to=due,
        delivered_at=due - timedelta(hours=3) if done else None,
        lines=[LineQuantity(line=line.id, quantity=line.quantity) for line in lines],
    )
