"""Shopify's refunds: what came back in goods, and what was given back in money."""

from collections import Counter
from collections.abc import Iterator
from typing import Literal

from app.ingest.json_fields import Record
from app.ingest.payment_words import kind_of
from app.ingest.shopify.ids import LineNames, identity
from app.ingest.shopify.money import NotStated, Purse
from app.ingest.shopify.parcels import quantities
from app.ingest.snapshot import LineQuantity, Refund

STATES: dict[str, Literal["pending", "succeeded", "failed"]] = {
    "success": "succeeded",
    "pending": "pending",
    "awaiting_response": "pending",
    "failure": "failed",
    "error": "failed",
}


def refunds(record: Record, purse: Purse, lines: LineNames) -> list[Refund]:
    """One row for each transaction that moves money; the lines are named by the first, so that they count once.

    Without any transaction the value of what is refunded is known, but nothing says that it was paid out: pending.
    """
    goods = quantities((_line_of(item, lines), item.count("quantity")) for item in record.each("refund_line_items"))
    transactions = list(record.each("transactions"))
    moved = [each for each in transactions if each.text("kind").lower() == "refund"]
    rows = [_paid_out(each, record, purse, goods if each is moved[0] else []) for each in moved]
    if not transactions and (value := _value(record, purse)) > 0:
        rows = [_row(identity(record), value, record, goods, state="pending")]
    return rows


def cancelled(record: Record, lines: LineNames) -> Iterator[tuple[str, int, bool]]:
    """For each refunded line its quantity, and whether it was cancelled before it was sent (restock_type "cancel")."""
    for item in record.each("refund_line_items"):
        yield _line_of(item, lines), item.count("quantity"), item.text("restock_type").lower() == "cancel"


def cancelled_quantity(line: Record, name: str, refunded: Counter[tuple[str, bool]]) -> int:
    """What is no longer to be delivered; what came back is not counted. `refunded` is by line and whether unsent."""
    quantity = line.count("quantity")
    if not line.has("current_quantity"):
        return min(quantity, refunded[name, True])
    return max(0, quantity - line.count("current_quantity") - refunded[name, False])


def _paid_out(transaction: Record, record: Record, purse: Purse, goods: list[LineQuantity]) -> Refund:
    currency = transaction.text("currency").upper()
    if currency and currency != purse.currency:
        raise NotStated(f"{transaction.path}.currency: not in {purse.currency}")
    row = _row(identity(transaction), transaction.amount("amount", purse.currency), record, goods)
    row.kind = kind_of(transaction.text("gateway"))
    row.state = STATES.get(transaction.text("status").lower(), "pending")
    row.at = transaction.time("processed_at") or row.at
    return row


def _row(
    id_: str,
    amount: int,
    record: Record,
    goods: list[LineQuantity],
    state: Literal["pending", "succeeded"] = "succeeded",
) -> Refund:
    at = record.time("processed_at") or record.time("created_at")
    return Refund(id=id_, amount=amount, at=at, reason=record.text("note"), state=state, lines=goods)


def _value(record: Record, purse: Purse) -> int:
    """Of the lines with taxes. Adjustments (shipping given back, a difference) are stated with the opposite sign."""
    lines, changes = (
        purse.total(record, items, amount) + (0 if purse.prices_include_tax else purse.total(record, items, tax))
        for items, amount, tax in (
            ("refund_line_items", "subtotal", "total_tax"),
            ("order_adjustments", "amount", "tax_amount"),
        )
    )
    return lines - changes


def _line_of(item: Record, lines: LineNames) -> str:
    line = item.part("line_item")
    return lines.find(identity(line) if line.values else item.required("line_item_id"))
