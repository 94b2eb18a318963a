"""An order as schema.org describes one (https://schema.org/Order), for mail programs, assistants and other machines.

`merchant` and `carrier` stand beside `seller` and `provider`, which replaced them: mail programs read the older names.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from app.db import Row
from app.money import to_decimal
from app.orders.line_rows import web_address
from app.orders.sheet import Kept
from app.settings import settings

Node = dict[str, Any]
NOTHING: tuple[Any, ...] = (None, "", [])
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
    """JSON that can stand in a `<script>` element as it is."""
    text = msgspec.json.encode(node(kept, parcels)).decode()
    for character, written in UNSAFE:
        text = text.replace(character, written)
    return text


def node(kept: Kept, parcels: Sequence[Parcel]) -> Node:
    row = kept.order
    shop = _thing("Organization", name=row["merchant_name"], url=web_address(row["website"]), email=row["merchant_email"])
    return {"@context": SCHEMA} | _thing(
        "Order",
        orderNumber=row["number"],
        orderDate=row["placed_at"],
        orderStatus=f"{SCHEMA}{_status(row)}",
        url=f"{settings.base_url}/orders/{row['address']}",
        seller=shop,
        merchant=shop,
        customer=_thing("Person", name=row["customer_name"], email=row["customer_email"]),
        price=_amount(row["total"], row),
        priceCurrency=row["currency"],
        discount=_amount(row["discount"], row) if row["discount"] else "",
        discountCurrency=row["currency"] if row["discount"] else "",
        discountCode=", ".join(msgspec.json.decode(row["discount_codes"])),
        isGift=bool(row["gift_message"]) or None,
        **_payment(kept.payments),
        billingAddress=_address(row["billing_address"]),
        acceptedOffer=[_offer(line, row) for line in kept.lines],
        orderedItem=[_item(line) for line in kept.lines],
        orderDelivery=[_delivery(parcel, row, alone=len(parcels) == 1) for parcel in parcels],
    )


def _thing(kind: str, **about: Any) -> Node:
    """What is not known is left out."""
    return {"@type": kind} | {name: value for name, value in about.items() if value not in NOTHING}


def _status(row: Row) -> str:
    """https://schema.org/OrderStatus"""
    if row["stage"] in STATUSES:
        return STATUSES[row["stage"]]
    if row["payment"] == "unpaid":
        return "OrderPaymentDue"
    return "OrderPickupAvailable" if row["carrier_status"] == "ready_for_pickup" else "OrderProblem"


def _payment(payments: Sequence[Row]) -> Node:
    """How it was paid, and the last digits of the card, where there is one answer."""
    if len(payments) != 1:
        return {}
    return {"paymentMethod": payments[0]["brand"] or payments[0]["kind"], "paymentMethodId": payments[0]["last_four"]}


def _offer(line: Row, row: Row) -> Node:
    return _thing(
        "Offer",
        price=_amount(line["unit_price"], row),
        priceCurrency=row["currency"],
        eligibleQuantity=_thing("QuantitativeValue", value=line["quantity"]),
        itemOffered=_thing(
            "Product",
            **{"@id": _id(line)},
            name=line["title"],
            sku=line["sku"],
            url=web_address(line["product_url"]),
            category=line["category"],
        ),
        seller=_thing("Organization", name=line["seller"]) if line["seller"] else None,
    )


def _item(line: Row) -> Node:
    """The product is described once, in its offer."""
    return _thing("OrderItem", orderQuantity=line["quantity"], orderedItem={"@id": _id(line)})


def _id(line: Row) -> str:
    return f"#line-{line['position'] + 1}"


def _delivery(parcel: Parcel, row: Row, *, alone: bool) -> Node:
    """The order knows when something arrives; of several parcels it does not say which."""
    carrier = _thing("Organization", name=parcel.carrier) if parcel.carrier else None
    return _thing(
        "ParcelDelivery",
        trackingNumber=parcel.tracking_number,
        trackingUrl=web_address(parcel.tracking_url),
        provider=carrier,
        carrier=carrier,
        expectedArrivalFrom=row["arrives_from"] if alone else None,
        expectedArrivalUntil=row["arrives_to"] if alone else None,
        deliveryAddress=_address(row["shipping_address"]),
    )


def _address(text: str) -> Node | None:
    """From the JSON column; lines that nobody took apart become the street."""
    fields = msgspec.json.decode(text)
    if not fields:
        return None
    return _thing(
        "PostalAddress",
        name=fields.get("name"),
        streetAddress=fields.get("street") or "\n".join(fields.get("lines", ())),
        postalCode=fields.get("postal_code"),
        addressLocality=fields.get("city"),
        addressRegion=fields.get("region"),
        addressCountry=fields.get("country"),
        telephone=fields.get("phone"),
    )


def _amount(amount: int, row: Row) -> str:
    """A plain decimal, as schema.org asks: “1284.40”."""
    return f"{to_decimal(amount, row['currency']):f}"
