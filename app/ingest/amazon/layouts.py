"""Which of Amazon's files is which: told by its columns, never by its name."""

from typing import NamedTuple, Protocol

from app.ingest.amazon.digital import component_order, digital_order
from app.ingest.amazon.privacy import privacy_order
from app.ingest.amazon.refunds import refunds
from app.ingest.amazon.report import report_order
from app.ingest.reading import Reading
from app.ingest.rows import Row
from app.ingest.snapshot import Amendment, OrderSnapshot


class Build(Protocol):
    def __call__(self, number: str, rows: list[Row], reading: Reading) -> OrderSnapshot | Amendment | None: ...


class Layout(NamedTuple):
    """`columns`: each must be there, under one of the names joined by “|”; the first names the order."""

    name: str
    build: Build
    columns: tuple[str, ...]

    def missing(self, names: set[str]) -> list[str]:
        return [column.replace("|", " or ") for column in self.columns if names.isdisjoint(column.split("|"))]


REPORT = ("Order ID", "Order Date", "Title", "Quantity", "Item Total", "Currency")
PRIVACY = (
    "Order ID",
    "Order Date",
    "Product Name",
    "Quantity|Original Quantity",
    "Total Owed|Total Amount",
    "Currency",
)
DIGITAL = ("OrderId", "OrderDate", "OurPrice", "ProductName|Title")
COMPONENTS = ("Order ID", "Order Date", "Digital Order Item ID", "Component Type", "Transaction Amount")
RETURNED = ("OrderID", "ReversalID", "DirectDebitRefundAmount")

LAYOUTS = (  # orders first: a refund amends an order that is there
    Layout("order history report", report_order, REPORT),
    Layout("order history", privacy_order, PRIVACY),
    Layout("digital items", digital_order, DIGITAL),
    Layout("digital content orders", component_order, COMPONENTS),
    Layout("refunds", refunds, ("Order ID", "Refund Amount", "Refund Date|Return Date")),
    Layout("digital returns", refunds, ("Order ID", "Amount Refunded", "Return Date")),
    Layout("refund payments", refunds, ("OrderID", "AmountRefunded", "RefundCompletionDate")),
    Layout("returned orders", refunds, RETURNED),
)


def layout_of(names: list[str]) -> Layout | None:
    return next((layout for layout in LAYOUTS if not layout.missing(set(names))), None)


def unknown(names: list[str]) -> str:
    """Why a file is refused: what the nearest layout would need."""
    nearest = min(LAYOUTS, key=lambda layout: len(layout.missing(set(names))) / len(layout.columns))
    missing = ", ".join(nearest.missing(set(names)))
    return f"none of Amazon's known layouts; for the {nearest.name} these columns are missing: {missing}"
