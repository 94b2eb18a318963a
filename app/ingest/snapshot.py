"""The one structure every source becomes: an order as it stands, whole, at one moment.

Amounts are integers in minor units of the order's `currency`. Times are aware. What a source does not say stays at its
default; nothing is guessed. The sums a source states are kept even when they do not add up (see `difference`).
"""

from datetime import datetime
from typing import Literal

from msgspec import Struct, field

from app.shipments.statuses import CarrierStatus

PaymentState = Literal["unpaid", "authorised", "paid", "partly_refunded", "refunded"]
PaymentKind = Literal[
    "card",
    "gift_card",
    "store_credit",
    "paypal",
    "bank_transfer",
    "direct_debit",
    "invoice",
    "cash_on_delivery",
    "other",
]
ParcelState = Literal["draft", "dispatched", "cancelled"]


class Part(Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What all parts of a snapshot share: an unknown field is an error, a default is not written out."""


class Person(Part):
    email: str
    name: str = ""
    locale: str = ""


class Address(Part):
    """`lines` as the source wrote them, to be shown when the fields are not known; `country` is ISO 3166-1 alpha-2."""

    lines: list[str] = []
    name: str = ""
    company: str = ""
    street: str = ""  # street lines joined by a line break
    postal_code: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    phone: str = ""


class Line(Part):
    """`id` is unique within the order; parcels and refunds name it. `discount` and `tax` are for the whole line.

    `total` is what the line costs: quantity × unit_price − discount, plus tax when prices do not include it.
    """

    id: str
    title: str
    quantity: int
    unit_price: int
    total: int
    sku: str = ""
    variant: str = ""
    tax: int = 0
    discount: int = 0
    cancelled_quantity: int = 0
    picture: str = ""  # an https address, or the name of a picture already kept
    product_url: str = ""
    category: str = ""
    condition: str = ""
    seller: str = ""
    needs_shipping: bool = True


class Fee(Part):
    """Gift wrap, a tip, duties, a payment surcharge. `amount` is what was charged for it, tax in."""

    label: str
    amount: int


class Payment(Part):
    kind: PaymentKind
    brand: str = ""  # "Visa", "Mastercard", "Klarna"
    last_four: str = ""
    amount: int | None = None
    reference: str = ""


class LineQuantity(Part):
    line: str  # Line.id
    quantity: int


class Shipment(Part):
    """One parcel. Without `lines` it is not known what was in it."""

    id: str
    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str = ""
    state: ParcelState = "dispatched"
    status: CarrierStatus = "unknown"
    shipped_at: datetime | None = None
    estimated_from: datetime | None = None
    estimated_to: datetime | None = None
    delivered_at: datetime | None = None
    lines: list[LineQuantity] = []


class Refund(Part):
    """Money given back, one row per destination. `lines` when the source says for what."""

    id: str
    amount: int
    at: datetime | None = None
    kind: PaymentKind = "other"
    reason: str = ""
    state: Literal["requested", "pending", "succeeded", "failed"] = "succeeded"
    lines: list[LineQuantity] = []


class OrderSnapshot(Part):
    """`external_id` is unique within a merchant; `number` is what the customer was told."""

    source: str
    external_id: str
    number: str
    merchant: str  # slug
    customer: Person
    placed_at: datetime
    currency: str
    lines: list[Line]
    total: int
    updated_at: datetime | None = None  # a snapshot older than the one kept is refused
    prices_include_tax: bool = False
    shipping: int = 0
    shipping_tax: int = 0
    shipping_method: str = ""
    discount: int = 0  # on the order as a whole, beside the lines' own discounts
    discount_codes: list[str] = []
    tax: int = 0  # all taxes of the order together; for information, lines and shipping carry theirs
    fees: list[Fee] = []
    payment: PaymentState = "paid"
    payments: list[Payment] = []
    shipping_address: Address | None = None
    billing_address: Address | None = None
    gift_message: str = ""
    note: str = ""
    shipments: list[Shipment] = []
    refunds: list[Refund] = []
    cancelled_at: datetime | None = None
    cancel_reason: str = ""
    closed_at: datetime | None = None


class Amendment(Part):
    """News of an order already kept, from a source that sends parts (a fulfilment, a refund, a returns file)."""

    source: str
    merchant: str
    external_id: str
    shipments: list[Shipment] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    updated_at: datetime | None = None


class Rejected(Part):
    """Input that cannot become a snapshot: which line or record of which file, and why, for the report."""

    reason: str
    line: int = 0  # 1-based line in the file, or record number; 0 when unknown
    file: str = ""
    external_id: str = ""


def difference(order: OrderSnapshot) -> int:
    """What the stated total has beyond its parts, in minor units; 0 when the sums add up."""
    parts = sum(line.total for line in order.lines) + sum(fee.amount for fee in order.fees)
    parts += order.shipping + (0 if order.prices_include_tax else order.shipping_tax) - order.discount
    return order.total - parts


def line_difference(order: OrderSnapshot, line: Line) -> int:
    """The same for one line."""
    tax = 0 if order.prices_include_tax else line.tax
    return line.total - (line.quantity * line.unit_price - line.discount + tax)
