"""Shopify's JSON: orders, and news of fulfilments and refunds; as an API answers, or as a webhook was recorded."""

from collections.abc import Callable, Iterator
from pathlib import Path

from app.ingest.json_fields import Record, Unreadable
from app.ingest.json_records import Found, records
from app.ingest.reading import Reading
from app.ingest.shopify.ids import LineNames, identity
from app.ingest.shopify.money import Purse
from app.ingest.shopify.order import order
from app.ingest.shopify.parcels import parcels
from app.ingest.shopify.refunds import refunds
from app.ingest.snapshot import Amendment, OrderSnapshot, Rejected

ORDER_EVENTS = ("create", "updated", "paid", "cancelled", "fulfilled", "partially_fulfilled")
TOPICS = dict.fromkeys([f"orders/{event}" for event in ORDER_EVENTS], "order") | {
    "fulfillments/create": "fulfillment",
    "fulfillments/update": "fulfillment",
    "refunds/create": "refund",
}


def read_json(path: Path, reading: Reading) -> Iterator[OrderSnapshot | Amendment | Rejected]:
    for found in records(path, reading):
        yield found if isinstance(found, Rejected) else outcome(found, path, reading)


def outcome(found: Found, path: Path, reading: Reading) -> OrderSnapshot | Amendment | Rejected:
    named = ""
    try:
        kind, body = _opened(Record.of(found.value))
        named = body.text("order_id") if kind != "order" else identity(body)
        return _READERS[kind](body, reading)
    except Unreadable as error:
        return Rejected(reason=str(error), line=found.number, file=path.name, external_id=named)


def _opened(record: Record) -> tuple[str, Record]:
    """What it is; and itself, out of a recording ({"headers", "body", "topic"}) or an answer ({"order": {…}})."""
    if isinstance(record.values.get("body"), dict) and ("topic" in record.values or "headers" in record.values):
        headers = Record({name.lower(): value for name, value in record.part("headers").values.items()}, "headers")
        topic = record.text("topic") or headers.text("x-shopify-topic")
        if topic not in TOPICS:
            raise Unreadable(f"topic {topic or 'unknown'} is not an order")
        return TOPICS[topic], record.part("body")
    for kind in _READERS:
        if isinstance(record.values.get(kind), dict):
            return kind, record.part(kind)
    return _kind(record), record


def _kind(record: Record) -> str:
    """By the fields that only this kind of thing has: a draft order, too, has lines and a total."""
    if "line_items" in record.values and ("financial_status" in record.values or "order_number" in record.values):
        return "order"
    if "refund_line_items" in record.values and "order_id" in record.values:
        return "refund"
    if "tracking_number" in record.values and "order_id" in record.values:
        return "fulfillment"
    raise Unreadable("this is not an order, a fulfilment or a refund")


def _fulfilment(record: Record, reading: Reading) -> Amendment:
    return Amendment(
        source="shopify",
        merchant=reading.merchant,
        external_id=record.required("order_id"),
        shipments=parcels(record, LineNames()),
        updated_at=record.time("updated_at", reading.zone),
    )


def _refund(record: Record, reading: Reading) -> Amendment:
    rows = refunds(record, _purse(record), LineNames())
    if not rows:
        raise Unreadable("a refund that gives no money back")
    return Amendment(
        source="shopify",
        merchant=reading.merchant,
        external_id=record.required("order_id"),
        refunds=rows,
        updated_at=record.time("processed_at", reading.zone) or record.time("created_at", reading.zone),
    )


def _purse(refund: Record) -> Purse:
    """As for orders: the customer's currency where it is stated. A refund alone does not name its order's currency."""
    sets = [each.part("subtotal_set") for each in refund.each("refund_line_items")]
    sets += [each.part("amount_set") for each in refund.each("order_adjustments")] + [refund.part("total_duties_set")]
    for money in sets:
        shop, seen = money.part("shop_money"), money.part("presentment_money")
        if seen.has("currency_code"):
            code = seen.currency("currency_code")
            return Purse(code, "shop_money" if shop.text("currency_code") == code else "presentment_money")
    for transaction in refund.each("transactions"):
        return Purse(transaction.currency("currency"))
    raise Unreadable("the refund names no currency")


_READERS: dict[str, Callable[[Record, Reading], OrderSnapshot | Amendment]] = {
    "order": order,
    "fulfillment": _fulfilment,
    "refund": _refund,
}
