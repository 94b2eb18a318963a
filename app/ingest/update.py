"""Changing an order that is kept. Lines, shipments and refunds keep their rows: returns and scans will hang on them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app import db
from app.ingest import own_refunds
from app.ingest.order_rows import (
    Record,
    line_records,
    payment_record,
    refund_record,
    shipment_record,
)  # fmt: skip
from app.ingest.snapshot import Address, OrderSnapshot, Shipment
from app.ingest.tracked import another_number, other_news
from app.orders.awaited import DRIVING
from app.returns import cancelling
from app.shipments import order_summaries, overdue, scans

CAME_BACK = 'SELECT 1 AS found FROM order_lines WHERE "order" = {} AND returned_quantity > 0 LIMIT 1'
Ids = dict[tuple[int, str], int]  # (order id, external id) → row id


async def write(order_id: int, head: Mapping[str, Any], before: OrderSnapshot, after: OrderSnapshot) -> Ids:
    """Answers the ids of its shipments."""
    await _set("orders", order_id, head)
    line_ids = await _lines(order_id, line_records(after))
    await cancelling.told_anew(order_id)
    await own_refunds.write_payments(order_id, [payment_record(part, n) for n, part in enumerate(after.payments)])
    await _by_external_id("refunds", order_id, [refund_record(part, n) for n, part in enumerate(after.refunds)])
    await own_refunds.settled(order_id)
    ids = await _shipments(order_id, after.shipments, line_ids, after.shipping_address)
    known = {part.id: part for part in before.shipments}
    for part in after.shipments:
        if part.id in known and another_number(known[part.id], part):
            await scans.forget(ids[order_id, part.id])
    changed = (part.id for part in after.shipments if part.id in known and other_news(known[part.id], part))
    await overdue.ease([ids[order_id, name] for name in changed])
    driving = any(part.status == DRIVING for part in after.shipments)
    if driving or await db.rows(CAME_BACK, order_id):  # of that day only its scans know, of these only their returns
        await order_summaries.renew(order_id)
    return ids


async def _lines(order_id: int, records: list[Record]) -> Ids:
    """Contents of parcels are written anew afterwards, so a vanished line can go."""
    await db.execute('DELETE FROM shipment_lines WHERE shipment IN (SELECT id FROM shipments WHERE "order" = {})', order_id)
    return await _by_external_id("order_lines", order_id, records, drop=True)


async def _by_external_id(table: str, order_id: int, records: list[Record], *, drop: bool = False) -> Ids:
    """Rows kept where their source's id is still there. Answers (order, external id) → row id."""
    found = await db.scan(f'SELECT id, external_id FROM {table} WHERE "order" = {{}}', order_id)  # noqa: S608
    known = {row["external_id"]: row["id"] for row in found}
    for record in records:
        if record["external_id"] in known:
            await _set(table, known[record["external_id"]], record)
    new = [{"order": order_id, **record} for record in records if record["external_id"] not in known]
    made = await db.insert(table, new, "id", "external_id")
    wanted = {record["external_id"] for record in records}
    if drop:
        for external_id in known.keys() - wanted:
            await db.execute(f"DELETE FROM {table} WHERE id = {{}}", known[external_id])  # noqa: S608
    known |= {row["external_id"]: row["id"] for row in made}
    return {(order_id, external_id): row_id for external_id, row_id in known.items()}


async def _shipments(
    order_id: int, shipments: Sequence[Shipment], line_ids: Mapping[tuple[int, str], int], to: Address | None
) -> Ids:
    records = [shipment_record(part, n, to) for n, part in enumerate(shipments)]
    ids = await _by_external_id("shipments", order_id, records)
    await _insert_contents([(order_id, part) for part in shipments], ids, line_ids)
    return ids


async def insert_parts(orders: Sequence[tuple[int, OrderSnapshot]]) -> Ids:
    """Lines, payments, refunds and parcels of new orders: one statement a table. Answers the ids of the parcels."""
    lines = [{"order": key, **line} for key, order in orders for line in line_records(order)]
    made = await db.insert("order_lines", lines, "id", "order", "external_id")
    line_ids = {(row["order"], row["external_id"]): row["id"] for row in made}
    await db.insert("payments", [
        {"order": key, **payment_record(part, n)} for key, order in orders for n, part in enumerate(order.payments)
    ])  # fmt: skip
    await db.insert("refunds", [
        {"order": key, **refund_record(part, n)} for key, order in orders for n, part in enumerate(order.refunds)
    ])  # fmt: skip
    return await _insert_shipments(orders, line_ids)


async def _insert_shipments(orders: Sequence[tuple[int, OrderSnapshot]], line_ids: Mapping[tuple[int, str], int]) -> Ids:
    made = await db.insert("shipments", [
        {"order": key, **shipment_record(part, n, order.shipping_address)}
        for key, order in orders for n, part in enumerate(order.shipments)
    ], "id", "order", "external_id")  # fmt: skip
    ids = {(row["order"], row["external_id"]): row["id"] for row in made}
    await _insert_contents([(key, part) for key, order in orders for part in order.shipments], ids, line_ids)
    return ids


async def _insert_contents(
    shipments: Iterable[tuple[int, Shipment]],
    ids: Mapping[tuple[int, str], int],
    line_ids: Mapping[tuple[int, str], int],
) -> None:
    await db.insert("shipment_lines", [
        {"shipment": ids[order_id, part.id], "line": line_ids[order_id, named.line], "quantity": named.quantity}
        for order_id, part in shipments
        for named in part.lines
    ])  # fmt: skip


async def _set(table: str, row_id: int, values: Mapping[str, Any]) -> None:
    pairs = ", ".join(f'"{name}" = {{}}' for name in values)
    await db.execute(f"UPDATE {table} SET {pairs} WHERE id = {{}}", *values.values(), row_id)  # noqa: S608
