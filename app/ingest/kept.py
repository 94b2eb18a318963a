"""Orders as they are kept, read back into snapshots: for amendments, for telling what an update changes, for exports."""

from collections.abc import Sequence
from typing import Any

import msgspec

from app import db
from app.errors import Missing
from app.ingest.snapshot import (
    Address,
    Fee,
    Line,
    LineQuantity,
    OrderSnapshot,
    Payment,
    Person,
    Refund,
    Shipment,
)  # fmt: skip

Row = db.Row
OWN = "SELECT id, number, address, difference, invoice_file FROM orders WHERE merchant = {} AND external_id = {}"
PARTS = ("order_lines", "payments", "refunds", "shipments")
SAME_NAME = (
    "source", "external_id", "number", "placed_at", "currency", "total", "prices_include_tax", "shipping", "shipping_tax",
    "shipping_method", "discount", "tax", "payment", "gift_message", "note", "cancelled_at", "cancel_reason", "closed_at",
)  # fmt: skip


async def own(merchant: int, external_id: str) -> Row:
    """Raises Missing; PostgreSQL would not even look for a text with a NUL in it."""
    row = None if "\0" in external_id else await db.one(OWN, merchant, external_id)
    if row is None:
        raise Missing
    return row


async def snapshots(order_ids: Sequence[int]) -> dict[int, OrderSnapshot]:
    """By order id. Five queries, however many orders; keep the batches to some hundreds."""
    if not order_ids:
        return {}
    marks = db.marks(len(order_ids))
    orders = await db.scan(
        f"SELECT o.*, m.slug AS merchant_slug FROM orders o JOIN merchants m ON m.id = o.merchant WHERE o.id IN ({marks})",  # noqa: S608
        *order_ids,
    )
    parts = {table: await _of_orders(table, order_ids) for table in PARTS}
    contents = await _contents(order_ids)
    return {
        order["id"]: _snapshot(order, {table: found.get(order["id"], []) for table, found in parts.items()}, contents)
        for order in orders
    }


async def _of_orders(table: str, order_ids: Sequence[int]) -> dict[int, list[Row]]:
    found = await db.scan(
        f'SELECT * FROM {table} WHERE "order" IN ({db.marks(len(order_ids))}) ORDER BY "order", position, id',  # noqa: S608
        *order_ids,
    )
    return _by("order", found)


async def _contents(order_ids: Sequence[int]) -> dict[int, list[Row]]:
    """What was in each shipment, by shipment id."""
    found = await db.scan(
        "SELECT c.shipment, c.quantity, l.external_id AS line FROM shipment_lines c "  # noqa: S608
        "JOIN order_lines l ON l.id = c.line JOIN shipments s ON s.id = c.shipment "
        f'WHERE s."order" IN ({db.marks(len(order_ids))}) ORDER BY c.id',
        *order_ids,
    )
    return _by("shipment", found)


def _by(column: str, rows: Sequence[Row]) -> dict[int, list[Row]]:
    grouped: dict[int, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row[column], []).append(row)
    return grouped


def _snapshot(row: Row, parts: dict[str, list[Row]], contents: dict[int, list[Row]]) -> OrderSnapshot:
    plain: dict[str, Any] = {name: row[name] for name in SAME_NAME}
    return OrderSnapshot(
        **plain,
        merchant=row["merchant_slug"],
        customer=Person(email=row["customer_email"], name=row["customer_name"], locale=row["customer_locale"]),
        updated_at=row["source_updated_at"],
        discount_codes=msgspec.json.decode(row["discount_codes"]),
        fees=msgspec.json.decode(row["fees"], type=list[Fee]),
        shipping_address=msgspec.json.decode(row["shipping_address"], type=Address | None),
        billing_address=msgspec.json.decode(row["billing_address"], type=Address | None),
        lines=[_line(line) for line in parts["order_lines"]],
        payments=[_payment(payment) for payment in parts["payments"]],
        refunds=[_refund(refund) for refund in parts["refunds"]],
        shipments=[_shipment(shipment, contents.get(shipment["id"], [])) for shipment in parts["shipments"]],
    )


def _line(row: Row) -> Line:
    names = (name for name in Line.__struct_fields__ if name != "id")
    return Line(id=row["external_id"], **{name: row[name] for name in names})


def _payment(row: Row) -> Payment:
    return Payment(**{name: row[name] for name in Payment.__struct_fields__})


def _refund(row: Row) -> Refund:
    names = (name for name in Refund.__struct_fields__ if name not in ("id", "lines"))
    lines = msgspec.json.decode(row["lines"], type=list[LineQuantity])
    return Refund(id=row["external_id"], lines=lines, **{name: row[name] for name in names})


def _shipment(row: Row, contents: list[Row]) -> Shipment:
    names = (name for name in Shipment.__struct_fields__ if name not in ("id", "lines"))
    lines = [LineQuantity(line=part["line"], quantity=part["quantity"]) for part in contents]
    return Shipment(id=row["external_id"], lines=lines, **{name: row[name] for name in names})
