"""What of schema.org's vocabulary an order needs (https://schema.org/Order). The fields' names are theirs.

`merchant` and `carrier` stand beside `seller` and `provider`, which replaced them: mail programs read the older names.
"""

from datetime import datetime

from msgspec import Struct, field


class Thing(Struct, frozen=True, kw_only=True, tag=True, tag_field="@type", rename="camel", omit_defaults=True):
    """What is not known is left out."""


class Organization(Thing, frozen=True):
    name: str = ""
    url: str = ""
    email: str = ""


class Person(Thing, frozen=True):
    name: str = ""
    email: str = ""


class PostalAddress(Thing, frozen=True):
    name: str = ""
    street_address: str = ""
    postal_code: str = ""
    address_locality: str = ""
    address_region: str = ""
    address_country: str = ""
    telephone: str = ""


class Reference(Struct, frozen=True):
    id: str = field(name="@id")


class Product(Thing, frozen=True):
    id: str = field(name="@id")
    name: str = ""
    sku: str = ""
    url: str = ""
    category: str = ""


class QuantitativeValue(Thing, frozen=True):
    value: int


class Offer(Thing, frozen=True):
    price: str
    price_currency: str
    eligible_quantity: QuantitativeValue
    item_offered: Product
    seller: Organization | None = None


class OrderItem(Thing, frozen=True):
    """The product is described once, in its offer."""

    order_quantity: int
    ordered_item: Reference


class KnownOrder(Thing, frozen=True, kw_only=True, tag="Order"):
    """As much of an order as names it: for whoever has the rest, or need not have it."""

    context: str = field(default="", name="@context")
    order_number: str
    order_date: datetime
    order_status: str
    url: str
    seller: Organization
    merchant: Organization
    price: str = ""
    price_currency: str = ""


class ParcelDelivery(Thing, frozen=True, kw_only=True):
    context: str = field(default="", name="@context")
    tracking_number: str = ""
    tracking_url: str = ""
    provider: Organization | None = None
    carrier: Organization | None = None
    expected_arrival_from: datetime | None = None
    expected_arrival_until: datetime | None = None
    delivery_address: PostalAddress | None = None
    part_of_order: KnownOrder | None = None


class Order(Thing, frozen=True):
    context: str = field(name="@context")
    order_number: str
    order_date: datetime
    order_status: str
    url: str
    seller: Organization
    merchant: Organization
    customer: Person
    price: str
    price_currency: str
    discount: str = ""
    discount_currency: str = ""
    discount_code: str = ""
    is_gift: bool | None = None
    payment_method: str = ""
    payment_method_id: str = ""
    billing_address: PostalAddress | None = None
    accepted_offer: list[Offer] = []
    ordered_item: list[OrderItem] = []
    order_delivery: list[ParcelDelivery] = []
