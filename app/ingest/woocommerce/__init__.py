"""WooCommerce: orders as its REST API (v3) answers them, alone, in a list or in the answer to a batch; or as a webhook
tells them, recorded as {"headers", "body", "topic"}. Refunds alone are taken with the orders of the same files, after them.
"""

from collections.abc import Iterator
from pathlib import Path

from app.ingest.json_fields import Record, Unreadable
from app.ingest.json_records import Found, records
from app.ingest.reading import Reading
from app.ingest.snapshot import Amendment, OrderSnapshot, Rejected
from app.ingest.woocommerce.order import order
from app.ingest.woocommerce.refunds import Currencies, is_one, refund

LISTS = ("orders", "create", "update", "delete")
NONE: Currencies = {}


def read(paths: list[Path], reading: Reading) -> Iterator[OrderSnapshot | Amendment | Rejected]:
    refunds: list[tuple[Found, Path]] = []
    currencies: dict[str, str] = {}
    for path in paths:
        for found in records(path, reading, LISTS):
            if isinstance(found, Found) and isinstance(found.value, dict) and is_one(Record.of(found.value)):
                refunds.append((found, path))
                continue
            one = found if isinstance(found, Rejected) else outcome(found, path, reading)
            if isinstance(one, OrderSnapshot) and one.refunds:
                currencies[one.external_id] = one.currency
            yield one
    yield from (outcome(found, path, reading, currencies) for found, path in refunds)


def outcome(
    found: Found, path: Path, reading: Reading, currencies: Currencies = NONE
) -> OrderSnapshot | Amendment | Rejected:  # fmt: skip
    named = ""
    try:
        record = _opened(Record.of(found.value))
        _refuse_others(record)
        named = record.required("id")
        if found.within == "delete":
            raise Unreadable("the order was deleted")
        return refund(record, reading, currencies) if is_one(record) else order(record, reading)
    except Unreadable as error:
        return Rejected(reason=str(error), line=found.number, file=path.name, external_id=named)


def _opened(record: Record) -> Record:
    if not isinstance(record.values.get("body"), dict) or "line_items" in record.values:
        return record
    headers = Record({name.lower(): value for name, value in record.part("headers").values.items()}, "headers")
    topic = record.text("topic") or headers.text("x-wc-webhook-topic")
    if topic not in ("order.created", "order.updated", "order.restored"):
        raise Unreadable(f"topic {topic or 'unknown'} is not an order")
    return record.part("body")


def _refuse_others(record: Record) -> None:
    """Told apart by their fields; the batch answers hold errors in the place of orders."""
    if isinstance(record.values.get("error"), dict):
        raise Unreadable(f"not an order but an error: {record.part('error').text('message')}")
    if not is_one(record) and ("line_items" not in record.values or "billing" not in record.values):
        raise Unreadable("this is not an order")
