"""A WooCommerce refund (REST API v3, /orders/{id}/refunds): what the order's own list of refunds leaves out, the lines.

It names its order in a link alone and says no currency: both are known where the order was read from the same files.
"""

import re
from collections.abc import Mapping

from app.ingest.json_fields import Record, Unreadable
from app.ingest.reading import Reading
from app.ingest.snapshot import Amendment, LineQuantity, Refund

UP = re.compile(r"/orders/(\d{1,20})/?")
OF_LINE = "_refunded_item_id"
Currencies = Mapping[str, str]  # by the order's id, of orders that list refunds


def is_one(record: Record) -> bool:
    return "amount" in record.values and "line_items" in record.values and "number" not in record.values


def refund(record: Record, reading: Reading, currencies: Currencies) -> Amendment:
    """Raises Unreadable."""
    order = _order(record)
    if order not in currencies:
        raise Unreadable("a refund alone does not name its order; the order itself lists its refunds")
    row = Refund(
        id=record.required("id"),
        amount=abs(record.amount("amount", currencies[order])),
        at=record.time("date_created_gmt", "UTC") or record.time("date_created", reading.zone),
        reason=record.text("reason") or "refund",
        lines=lines(record),
    )
    return Amendment(source="woocommerce", merchant=reading.merchant, external_id=order, refunds=[row])


def _order(record: Record) -> str:
    """Its id out of `_links.up`, empty where it is not there."""
    for up in record.part("_links").each("up"):
        if found := UP.search(up.text("href")):
            return found[1]
    return ""


def lines(record: Record) -> list[LineQuantity]:
    """Their quantities are negative; one of nothing gives money back alone."""
    counts: dict[str, int] = {}
    for item in record.each("line_items"):
        line = next((meta.text("value") for meta in item.each("meta_data") if meta.text("key") == OF_LINE), "")
        count = Record({"quantity": item.text("quantity").removeprefix("-")}, item.path).count("quantity")
        if line and count:
            counts[line] = counts.get(line, 0) + count
    return [LineQuantity(line=line, quantity=count) for line, count in counts.items()]
