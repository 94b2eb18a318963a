"""Amazon's digital orders: `Digital Items.csv`, one row per item, and since about 2025 `Digital Content Orders.csv`,
one row per component of an item's money (price, tax; a promotion is a negative price). Nothing is shipped."""

from collections.abc import Iterable

from app.ingest.amazon.cells import Cells, currency_of, customer_of, placed_at
from app.ingest.amazon.words import payments
from app.ingest.grouping import once, unique
from app.ingest.reading import Reading
from app.ingest.rows import Row, RowError
from app.ingest.snapshot import Line, OrderSnapshot

CURRENCY = ("OurPriceCurrencyCode", "BaseCurrencyCode", "Base Currency Code", "Base Currency")
FAILED = {"cancelled", "canceled", "failed", "failure"}


def digital_order(number: str, rows: list[Row], reading: Reading) -> OrderSnapshot:
    """An item without a price was a trial or a redemption: it cost nothing."""
    items = _cells(rows, reading)
    currency = currency_of(items, *CURRENCY)
    taken: dict[str, int] = {}
    lines = []
    for cells in items:
        line = _line([cells], taken)
        line.unit_price = cells.money(currency, "OurPrice") or 0
        line.tax = cells.money(currency, "OurPriceTax") or 0
        line.total = line.quantity * line.unit_price + line.tax
        lines.append(line)
    return _order(number, items, lines, currency, reading)


def component_order(number: str, rows: list[Row], reading: Reading) -> OrderSnapshot:
    found = _cells(rows, reading)
    currency = currency_of(found, *CURRENCY)
    items: dict[str, list[Cells]] = {}
    for cells in found:
        items.setdefault(cells.text("Digital Order Item ID") or cells.text("ASIN"), []).append(cells)
    taken: dict[str, int] = {}
    lines = []
    for parts in items.values():
        line = _line(parts, taken)
        _add_up(line, [(cells, cells.money(currency, "Transaction Amount") or 0) for cells in parts])
        lines.append(line)
    return _order(number, found, lines, currency, reading)


def _add_up(line: Line, parts: Iterable[tuple[Cells, int]]) -> None:
    price = 0
    for cells, amount in parts:
        match cells.text("Component Type", "Monetary Component Type").lower():
            case "tax":
                line.tax += amount
            case "price amount" if amount < 0:
                line.discount -= amount
            case "price amount":
                price += amount
            case other:
                raise RowError(cells.row, f"Component Type: “{other}” is not known")
    line.unit_price = price // line.quantity
    line.total = price - line.discount + line.tax


def _cells(rows: list[Row], reading: Reading) -> list[Cells]:
    return [Cells(row, reading.zone) for row in once(rows, lambda row: tuple(row.values.items()))]


def _line(parts: list[Cells], taken: dict[str, int]) -> Line:
    cells = parts[0]
    quantity = cells.quantity("QuantityOrdered", "Quantity Ordered", "OriginalQuantity", "Original Quantity")
    failed = {cells.text("Order Status").lower()} & FAILED or quantity == 0
    sku = cells.text("ASIN")
    return Line(
        id=unique(sku or "item", taken),
        title=cells.text("ProductName", "Product Name", "Title") or sku or "Item",
        quantity=quantity or 1,
        unit_price=0,
        total=0,
        sku=sku,
        cancelled_quantity=(quantity or 1) if failed else 0,
        seller=cells.text("SellerOfRecord", "Seller of Record", "Seller Of Record", "Publisher"),
        needs_shipping=False,
    )


def _order(number: str, items: list[Cells], lines: list[Line], currency: str, reading: Reading) -> OrderSnapshot:
    placed = placed_at(items, "OrderDate", "Order Date")
    gone = all(line.cancelled_quantity == line.quantity for line in lines)
    return OrderSnapshot(
        source="amazon",
        external_id=number,
        number=number,
        merchant=reading.merchant,
        customer=customer_of(items, reading),
        placed_at=placed,
        currency=currency,
        lines=lines,
        total=sum(line.total for line in lines),
        tax=sum(line.tax for line in lines),
        payment="unpaid" if gone else "paid",
        payments=payments(items, "Payment Information"),
        cancelled_at=placed if gone else None,
    )
