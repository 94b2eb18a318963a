"""Amazon's old “Order History Report (Items)”, ended in March 2023: one row per item, money as “$86.66”, MM/DD/YY."""

from app.ingest.amazon.cells import Cells, currency_of
from app.ingest.amazon.orders import item_line, order, order_cells
from app.ingest.reading import Reading
from app.ingest.rows import Row
from app.ingest.snapshot import Line, OrderSnapshot


def report_order(number: str, rows: list[Row], reading: Reading) -> OrderSnapshot:
    """The total is the sum of “Item Total”: the report states none of its own, and no shipping."""
    items = order_cells(rows, reading)
    currency = currency_of(items, "Currency")
    taken: dict[str, int] = {}
    lines = [(cells, _line(cells, currency, taken)) for cells in items]
    return order(number, lines, reading, total=sum(line.total for _, line in lines))


def _line(cells: Cells, currency: str, taken: dict[str, int]) -> Line:
    line = item_line(cells, currency, taken)
    line.tax = cells.money(currency, "Item Subtotal Tax") or 0
    total = cells.money(currency, "Item Total")
    line.total = line.quantity * line.unit_price + line.tax if total is None else total
    return line
