"""A pattern's rows in all tables, copied for another customer at another time: a million orders in a minute or two.

The first columns of each table are the ones that differ from copy to copy; the rest is copied with its times moved.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from app.events import actions as events
from app.ingest.milestones import milestones
from app.ingest.order_rows import line_records, order_record, payment_record, refund_record, shipment_record
from app.ingest.snapshot import OrderSnapshot
from tests.benchmarks.patterns import NUMBER, PLACED

Record = Mapping[str, Any]
TABLES = ("orders", "order_lines", "payments", "refunds", "shipments", "shipment_lines", "events")
OWN = ("id", "customer", "address", "number", "external_id", "search_text")
PART = ("id", "order")


class Shape:
    """One row of a pattern: the values behind the columns of its own, and which of them are times."""

    def __init__(self, own: Sequence[str], record: Record) -> None:
        rest = {name: value for name, value in record.items() if name not in own}
        self.columns = (*own, *rest)
        self.values = list(rest.values())
        self.times = [(n, value - PLACED) for n, value in enumerate(self.values) if isinstance(value, datetime)]

    def copy(self, own: tuple[Any, ...], placed: datetime) -> tuple[Any, ...]:
        values = self.values.copy()
        for n, after in self.times:
            values[n] = placed + after
        return (*own, *values)


class Pattern:
    def __init__(self, order: OrderSnapshot, merchant: Record) -> None:
        record = order_record(order, merchant["name"])
        self.search_text: str = record["search_text"]
        self.merchant: int = merchant["id"]
        more = {"merchant": merchant["id"], "archived": False, "invoice_file": "", "created_at": PLACED}
        self.head = Shape(OWN, record | more)
        to = order.shipping_address
        self.parts = {
            "order_lines": [Shape(PART, line) for line in line_records(order)],
            "payments": [Shape(PART, payment_record(part, n)) for n, part in enumerate(order.payments)],
            "refunds": [Shape(PART, refund_record(part, n)) for n, part in enumerate(order.refunds)],
            "shipments": [Shape(PART, shipment_record(part, n, to)) for n, part in enumerate(order.shipments)],
            "events": [Shape((*PART, "customer"), self._event(one)) for one in milestones(order)],
        }
        positions = {line.id: n for n, line in enumerate(order.lines)}
        self.contents = [
            (n, positions[part.line], part.quantity) for n, parcel in enumerate(order.shipments) for part in parcel.lines
        ]

    def _event(self, milestone: Any) -> Record:
        at = milestone.at or PLACED + timedelta(days=3)
        row = events.row(milestone.kind, merchant=self.merchant, at=at, history=True, **dict(milestone.data))
        return row | {"recorded_at": at, "noticed_at": at}


class Copies:
    """Rows by table, to be loaded and cleared by whoever asks for copies; ids count from 1 in each table."""

    def __init__(self) -> None:
        self.last = dict.fromkeys(TABLES, 0)
        self.rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in TABLES}
        self.columns: dict[str, Sequence[str]] = {"shipment_lines": ("id", "shipment", "line", "quantity")}

    def add(self, pattern: Pattern, customer: int, placed: datetime) -> str:
        """The new order's address."""
        order = self._id("orders")
        number = f"N{order:08}"
        own = (order, customer, number, number, number, pattern.search_text.replace(NUMBER.lower(), number.lower()))
        self._add("orders", pattern.head, own, placed)
        ids = {table: self._parts(table, shapes, order, customer, placed) for table, shapes in pattern.parts.items()}
        self.rows["shipment_lines"] += [
            (self._id("shipment_lines"), ids["shipments"][parcel], ids["order_lines"][line], quantity)
            for parcel, line, quantity in pattern.contents
        ]
        return number

    def _parts(self, table: str, shapes: list[Shape], order: int, customer: int, placed: datetime) -> list[int]:
        made = []
        for shape in shapes:
            made.append(self._id(table))
            own = (made[-1], order, customer) if table == "events" else (made[-1], order)
            self._add(table, shape, own, placed)
        return made

    def _add(self, table: str, shape: Shape, own: tuple[Any, ...], placed: datetime) -> None:
        self.columns[table] = shape.columns
        self.rows[table].append(shape.copy(own, placed))

    def _id(self, table: str) -> int:
        self.last[table] += 1
        return self.last[table]
