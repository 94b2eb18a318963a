"""The orders of Amazon's privacy export: `Retail.OrderHistory.N.csv`, since about 2025 `Order History.csv`.

One row per shipment and item. “Total Owed” or “Total Amount” is the row's: with tax and its part of the shipping, less
discounts. “Shipping Charge” is the parcel's and may stand on each of its rows, as does “Shipment Item Subtotal”, which
is not read. Unit price and unit tax times quantity, less discounts, are the goods. What the totals have beyond the
goods is shipping where the shipping charge is the same amount; else it stays in the line's total as stated.
"""

from dataclasses import dataclass

from app.ingest.amazon.cells import Cells, currency_of
from app.ingest.amazon.orders import item_line, order, order_cells
from app.ingest.amazon.parcels import parcel_of
from app.ingest.reading import Reading
from app.ingest.rows import Row
from app.ingest.snapshot import Line, OrderSnapshot

TOTAL = ("Total Owed", "Total Amount")


@dataclass(slots=True)
class Item:
    """A row's line, what the row states as owed (None: nothing) and as shipping charge, and the goods of the line."""

    cells: Cells
    line: Line
    owed: int | None
    charge: int
    goods: int

    @property
    def beyond(self) -> int:
        """What is owed beyond the goods."""
        return 0 if self.owed is None else self.owed - self.goods


def privacy_order(number: str, rows: list[Row], reading: Reading) -> OrderSnapshot:
    found = order_cells(rows, reading)
    currency = currency_of(found, "Currency")
    taken: dict[str, int] = {}
    items = [_item(cells, currency, taken) for cells in found]
    shipping = _shipping(items)
    total = shipping + sum(item.line.total for item in items)
    return order(number, [(item.cells, item.line) for item in items], reading, total, shipping)


def _item(cells: Cells, currency: str, taken: dict[str, int]) -> Item:
    line = item_line(cells, currency, taken)
    line.discount = abs(cells.money(currency, "Total Discounts") or 0)  # written as '-1.6' or as 5.00
    line.tax = line.quantity * (cells.money(currency, "Unit Price Tax") or 0)
    owed, charge = cells.money(currency, *TOTAL), cells.money(currency, "Shipping Charge") or 0
    if owed is not None and cells.money(currency, "Unit Price") is None:
        line.unit_price = (owed - line.tax + line.discount) // line.quantity
    item = Item(cells, line, owed, charge, line.quantity * line.unit_price - line.discount + line.tax)
    _round_tax(item)
    return item


def _round_tax(item: Item) -> None:
    """A unit's tax is rounded, the line's is not a multiple of it: up to half a minor unit for each unit is tax."""
    for shipping in (0, item.charge):
        rest = item.beyond - shipping
        if 0 < abs(rest) <= item.line.quantity // 2:
            item.line.tax += rest
            item.goods += rest
            return


def _shipping(items: list[Item]) -> int:
    """Sets the lines' totals and returns the shipping; both together are what the rows state as owed."""
    parcels: dict[str, list[Item]] = {}
    for item in items:
        parcels.setdefault(parcel_of(item.cells), []).append(item)
    return sum(_parcel_shipping(parcel) for parcel in parcels.values())


def _parcel_shipping(items: list[Item]) -> int:
    """Each row's own charge, or one charge for the parcel shared out over its rows."""
    shared = max(item.charge for item in items)
    by_row = all(item.beyond in (0, item.charge) for item in items)
    if not by_row and sum(item.beyond for item in items) == shared:
        for item in items:
            item.line.total = item.goods
        return shared
    for item in items:
        fits = item.beyond in (0, item.charge)
        item.line.total = item.goods if fits or item.owed is None else item.owed
    return sum(item.beyond for item in items if item.beyond == item.charge)
