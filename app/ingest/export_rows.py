"""The rows of the CSV export."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from app import clock
from app.ingest.snapshot import Line, OrderSnapshot
from app.money import to_decimal
from app.spreadsheets import Cell

HEADER = (
    "order_number", "merchant", "placed_on", "state", "payment", "fulfilment", "archived", "currency", "order_total",
    "shipping", "shipping_tax", "order_discount", "order_tax", "fees", "refunded", "cancelled_on", "delivered_on",
    "carriers", "tracking_numbers", "prices_include_tax", "line", "title", "variant", "sku", "quantity",
    "cancelled_quantity", "unit_price", "line_discount", "line_tax", "line_total", "seller", "condition", "category",
    "product_url", "source", "external_id",
)  # fmt: skip


class Exported(Struct, frozen=True):
    """An order and what its own row knows beside it."""

    order: OrderSnapshot
    merchant: str
    state: str
    fulfilment: str
    refunded: int
    archived: bool


def rows(exported: Exported, zone: str) -> list[list[Cell]]:
    """One a line, in the order of HEADER; an order without lines has one row all the same. Days are the zone's."""
    order = exported.order
    head, tail = _head(exported, zone), [order.source, order.external_id]
    return [[*head, *_line(n, line, order.currency), *tail] for n, line in enumerate(order.lines, 1)] or [
        [*head, *[None] * (len(HEADER) - len(head) - len(tail)), *tail]
    ]


def _head(exported: Exported, zone: str) -> list[Cell]:
    order = exported.order
    charged = (order.total, order.shipping, order.shipping_tax, order.discount, order.tax)
    total, shipping, shipping_tax, discount, tax = (to_decimal(amount, order.currency) for amount in charged)
    sent = [shipment for shipment in order.shipments if shipment.state == "dispatched"]
    delivered = max((shipment.delivered_at for shipment in sent if shipment.delivered_at), default=None)
    return [
        order.number, exported.merchant, _day(order.placed_at, zone), exported.state, order.payment, exported.fulfilment,
        _yes(exported.archived), order.currency, total, shipping, shipping_tax, discount, tax,
        to_decimal(sum(fee.amount for fee in order.fees), order.currency), to_decimal(exported.refunded, order.currency),
        _day(order.cancelled_at, zone), _day(delivered, zone),
        _listed(shipment.carrier for shipment in sent), _listed(shipment.tracking_number for shipment in sent),
        _yes(order.prices_include_tax),
    ]  # fmt: skip


def _line(number: int, line: Line, currency: str) -> list[Cell]:
    price, discount, tax, total = (
        to_decimal(amount, currency) for amount in (line.unit_price, line.discount, line.tax, line.total)
    )
    return [
        number, line.title, line.variant, line.sku, line.quantity, line.cancelled_quantity, price, discount, tax, total,
        line.seller, line.condition, line.category, line.product_url,
    ]  # fmt: skip


def _day(at: datetime | None, zone: str) -> str:
    return at.astimezone(clock.zone(zone)).date().isoformat() if at else ""


def _yes(said: bool) -> str:
    return "yes" if said else "no"


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(text for text in texts if text))
