"""An order as it is kept: its own row, and the rows that hang on it, which are read together."""

from datetime import datetime

import msgspec
from msgspec import Struct

from app import db, reading
from app.errors import Missing
from app.orders.sentences import Facts
from app.reading import Part

IN_ORDER = 'WHERE "order" = {} ORDER BY position, id'


class KeptOrder(Facts, frozen=True, array_like=True):
    """Columns of `Order`, and of its `Merchant` (see COLUMNS)."""

    id: int
    address: str
    number: str
    total: int
    archived: bool | int  # SQLite's truth is a number, here and below
    prices_include_tax: bool | int
    shipping: int
    shipping_tax: int
    shipping_method: str
    discount: int
    discount_codes: str
    tax: int
    fees: str
    difference: int
    exchanged: int
    external_id: str
    customer_email: str
    customer_name: str
    shipping_address: str
    billing_address: str
    gift_message: str
    note: str
    cancel_reason: str
    invoice_file: str
    merchant_name: str
    merchant_email: str
    merchant_country: str
    merchant_address: str
    website: str
    vat_id: str
    legal: str
    merchant_slug: str


class KeptLine(Struct, frozen=True, array_like=True):
    """Columns of `OrderLine`."""

    position: int
    sku: str
    title: str
    variant: str
    quantity: int
    unit_price: int
    total: int
    tax: int
    discount: int
    cancelled_quantity: int
    refunded_quantity: int
    picture: str
    product_url: str
    category: str
    condition: str
    seller: str
    difference: int
    id: int
    needs_shipping: bool | int
    called_off: int


class KeptPayment(Struct, frozen=True, array_like=True):
    kind: str
    brand: str
    last_four: str
    amount: int | None


class KeptRefund(Struct, frozen=True, array_like=True):
    amount: int
    state: str
    reason: str
    at: datetime | None
    reference: str


class Kept(Struct, frozen=True):
    order: KeptOrder
    lines: list[KeptLine]
    payments: list[KeptPayment]
    refunds: list[KeptRefund]


OF_MERCHANT = ("name", "email", "country", "address", "website", "vat_id", "legal", "slug")
OF_ORDER = KeptOrder.__struct_fields__[: -len(OF_MERCHANT)]
COLUMNS = ", ".join((*(f"o.{name}" for name in OF_ORDER), *(f"m.{name}" for name in OF_MERCHANT)))
OWNED = "FROM orders o JOIN merchants m ON m.id = o.merchant WHERE o.customer = {} AND o.address = {}"
ORDER = Part(KeptOrder, OWNED, COLUMNS)
THIS = "(SELECT id FROM orders WHERE customer = {} AND address = {})"
# What hangs on an order, for `reading.together` with its id: the fields of `Kept` behind its own row.
PARTS = (
    Part(KeptLine, f"FROM order_lines {IN_ORDER}"),
    Part(KeptPayment, f"FROM payments {IN_ORDER}"),
    Part(KeptRefund, f"FROM refunds {IN_ORDER}"),
)


async def owned_by(customer: int, address: str) -> KeptOrder:
    """The order's own row and its merchant's. Raises Missing: a stranger's order does not exist."""
    (found,) = await reading.together((ORDER,), customer, address)
    return the_one(found)


def the_one(found: list[KeptOrder]) -> KeptOrder:
    if not found:
        raise Missing
    return found[0]


async def last_country(customer: int) -> str:
    """Where their newest order went (ISO 3166-1 alpha-2); empty when that is not known."""
    found = await db.one(
        "SELECT shipping_address FROM orders WHERE customer = {} ORDER BY placed_at DESC, id DESC LIMIT 1", customer
    )
    address = msgspec.json.decode(found["shipping_address"]) if found else None
    return str(address.get("country") or "") if isinstance(address, dict) else ""
