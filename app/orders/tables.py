"""An order and its lines, as they were bought. Amounts are minor units of the order's currency."""

from piccolo.columns import BigInt, Boolean, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.accounts.tables import Customer
from app.db import ENGINE
from app.merchants.tables import Merchant


class Order(Table, tablename="orders", db=ENGINE):
    """The first block is what lists and their filters read (see `orders/summary.py`), the second the record itself.

    `address` is the last part of its URL: the number, made unambiguous among its customer's orders.
    `revision` is its customer's at which it changed last (see `revisions.py`).
    `difference` is what the stated total has beyond its parts; of the `discount` so much was paid with what came back
    (`exchanged`, see `exchanges.py`); `cancelling`: "part" or "whole" of it is agreed to be cancelled, and its source has not
    said so yet (`returns/cancelling.py`); JSON columns hold what is only ever shown whole.
    """

    customer = ForeignKey(Customer, index=False)
    merchant = ForeignKey(Merchant, index=False)
    address = Varchar(160)
    number = Varchar(100)
    placed_at = Timestamptz()
    currency = Varchar(3)
    total = BigInt()
    archived = Boolean(default=False)
    state = Varchar(12, default="open")
    payment = Varchar(16, default="paid")
    fulfilment = Varchar(18, default="unfulfilled")
    stage = Varchar(12, default="preparing")
    carrier_status = Varchar(20, default="")
    carrier = Text(default="")
    arrives_from = Timestamptz(null=True, default=None)
    arrives_to = Timestamptz(null=True, default=None)
    shipped_at = Timestamptz(null=True, default=None)
    delivered_at = Timestamptz(null=True, default=None)
    cancelled_at = Timestamptz(null=True, default=None)
    refunded = BigInt(default=0)
    line_count = Integer(default=0)
    item_count = Integer(default=0)
    titles = Text(default="")
    pictures = Text(default="[]")

    source = Varchar(40)
    external_id = Varchar(160)
    content_hash = Varchar(64)
    source_updated_at = Timestamptz(null=True, default=None)
    customer_email = Varchar(320, default="")
    customer_name = Text(default="")
    customer_locale = Varchar(16, default="")
    prices_include_tax = Boolean(default=False)
    shipping = BigInt(default=0)
    shipping_tax = BigInt(default=0)
    shipping_method = Text(default="")
    discount = BigInt(default=0)
    discount_codes = Text(default="[]")
    tax = BigInt(default=0)
    fees = Text(default="[]")
    difference = BigInt(default=0)
    exchanged = BigInt(default=0)
    shipping_address = Text(default="null")
    billing_address = Text(default="null")
    gift_message = Text(default="")
    note = Text(default="")
    cancel_reason = Text(default="")
    closed_at = Timestamptz(null=True, default=None)
    invoice_file = Varchar(100, default="")
    created_at = Timestamptz(default=clock.now)
    revision = BigInt(default=0)
    cancelling = Varchar(5, default="")
    search_text = Text(default="")  # last: SQLite then reads a row's head without its long tail


class OrderLine(Table, tablename="order_lines", db=ENGINE):
    """One line; `position` counts from 0 in the source's order; `called_off` are agreed to be cancelled, see `cancelling`."""

    order = ForeignKey(Order)
    position = Integer()
    external_id = Varchar(160)
    sku = Text(default="")
    title = Text()
    variant = Text(default="")
    quantity = Integer()
    unit_price = BigInt()
    total = BigInt()
    tax = BigInt(default=0)
    discount = BigInt(default=0)
    cancelled_quantity = Integer(default=0)
    refunded_quantity = Integer(default=0)
    returned_quantity = Integer(default=0)
    picture = Text(default="")
    product_url = Text(default="")
    category = Text(default="")
    condition = Text(default="")
    seller = Text(default="")
    needs_shipping = Boolean(default=True)
    difference = BigInt(default=0)
    called_off = Integer(default=0)
