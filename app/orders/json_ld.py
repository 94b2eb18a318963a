"""An order in schema.org's words, as JSON in its page, for mail programs, assistants and other machines."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from app.money import to_text
from app.orders.awaited import DRIVING
from app.orders.kept import Kept, KeptLine, KeptOrder, KeptPayment
from app.orders.line_rows import web_address
from app.orders.schema_org import (
    Offer,
    Order,
    OrderItem,
    Organization,
    ParcelDelivery,
    Person,
    PostalAddress,
    Product,
    QuantitativeValue,
    Reference,
    Thing,
)
from app.settings import settings

SCHEMA = "https://schema.org/"
STATUSES = {
    "cancelled": "OrderCancelled",
    "returned": "OrderReturned",
    "delivered": "OrderDelivered",
    "on_the_way": "OrderInTransit",
    "preparing": "OrderProcessing",
}
# HTML ends a script at "</script" and starts a comment at "<!--"; line separators end a line in old JavaScript.
# One replacement each: `str.translate` takes ten times as long for a text that mostly stays as it is.
UNSAFE = tuple((character, f"\\u{ord(character):04x}") for character in "<>&\u2028\u2029")


class Parcel(Protocol):
    """What is told of a parcel; `tracking_url` leads to the web or is empty."""

    @property
    def carrier(self) -> str: ...
    @property
    def tracking_number(self) -> str: ...
    @property
    def tracking_url(self) -> str: ...


def order(kept: Kept, parcels: Sequence[Parcel]) -> str:
    return script(told(kept, parcels))


def script(thing: Thing) -> str:
    """JSON that can stand in a `<script>` element as it is."""
    text = msgspec.json.encode(thing).decode()
    for character, written in UNSAFE:
        text = text.replace(character, written)
    return text


def told(kept: Kept, parcels: Sequence[Parcel]) -> Order:
    row, currency = kept.order, kept.order.currency
    shop = Organization(name=row.merchant_name, url=web_address(row.website), email=row.merchant_email)
    method, digits = _payment(kept.payments)
    return Order(
        context=SCHEMA,
        order_number=row.number,
        order_date=row.placed_at,
        order_status=status(row.stage, row.payment, row.carrier_status),
        url=f"{settings.base_url}/orders/{row.address}",
        seller=shop,
        merchant=shop,
        customer=Person(name=row.customer_name, email=row.customer_email),
        price=to_text(row.total, currency),
        price_currency=currency,
        discount=to_text(row.discount, currency) if row.discount else "",
        discount_currency=currency if row.discount else "",
        discount_code=", ".join(msgspec.json.decode(row.discount_codes)),
        is_gift=bool(row.gift_message) or None,
        payment_method=method,
        payment_method_id=digits,
        billing_address=_address(row.billing_address),
        accepted_offer=[_offer(line, currency) for line in kept.lines],
        ordered_item=[OrderItem(order_quantity=line.quantity, ordered_item=Reference(_id(line))) for line in kept.lines],
        order_delivery=[_delivery(parcel, row, alone=len(parcels) == 1) for parcel in parcels],
    )


def status(stage: str, payment: str, carrier_status: str) -> str:
    """Columns of `Order` as one of https://schema.org/OrderStatus."""
    if stage in STATUSES:
        return f"{SCHEMA}{STATUSES[stage]}"
    if payment == "unpaid":
        return f"{SCHEMA}OrderPaymentDue"
    return f"{SCHEMA}{'OrderPickupAvailable' if carrier_status == 'ready_for_pickup' else 'OrderProblem'}"


def _payment(payments: Sequence[KeptPayment]) -> tuple[str, str]:
    """How it was paid, and the last digits of the card, where there is one answer."""
    if len(payments) != 1:
        return "", ""
    return payments[0].brand or payments[0].kind, payments[0].last_four


def _offer(line: KeptLine, currency: str) -> Offer:
    return Offer(
        price=to_text(line.unit_price, currency),
        price_currency=currency,
        eligible_quantity=QuantitativeValue(value=line.quantity),
        item_offered=Product(
            id=_id(line), name=line.title, sku=line.sku, url=web_address(line.product_url), category=line.category
        ),
        seller=Organization(name=line.seller) if line.seller else None,
    )


def _id(line: KeptLine) -> str:
    return f"#line-{line.position + 1}"


def _delivery(parcel: Parcel, row: KeptOrder, *, alone: bool) -> ParcelDelivery:
    """The order knows when something arrives; of several parcels it does not say which."""
    carrier = Organization(name=parcel.carrier) if parcel.carrier else None
    dated = alone and (row.carrier_status != DRIVING or row.arrives_from is not None)  # else all that is known is the day
    return ParcelDelivery(
        tracking_number=parcel.tracking_number,
        tracking_url=web_address(parcel.tracking_url),
        provider=carrier,
        carrier=carrier,
        expected_arrival_from=row.arrives_from if dated else None,
        expected_arrival_until=row.arrives_to if dated else None,
        delivery_address=_address(row.shipping_address),
    )


def _address(text: str) -> PostalAddress | None:
    """From the JSON column; lines that nobody took apart become the street."""
    fields = msgspec.json.decode(text)
    if not fields:
        return None
    return PostalAddress(
        name=fields.get("name") or "",
        street_address=fields.get("street") or "\n".join(fields.get("lines", ())),
        postal_code=fields.get("postal_code") or "",
        address_locality=fields.get("city") or "",
        address_region=fields.get("region") or "",
        address_country=fields.get("country") or "",
        telephone=fields.get("phone") or "",
    )
