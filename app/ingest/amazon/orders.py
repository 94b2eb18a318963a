"""What the old report and the privacy export have in common: an item's line, and the order around the lines.

The sums are the layout's own business (report.py, privacy.py).
"""

from typing import Any

from app.ingest.amazon.cells import Cells, all_texts, currency_of, customer_of, placed_at
from app.ingest.amazon.parcels import parcel_of, parcels
from app.ingest.amazon.words import fields_address, payments, states, was_cancelled, written_address
from app.ingest.grouping import once, unique
from app.ingest.reading import Reading
from app.ingest.rows import Row, RowError
from app.ingest.snapshot import Line, OrderSnapshot, PaymentState


def order_cells(rows: list[Row], reading: Reading) -> list[Cells]:
    """An item told by two exports counts once, though its state and its sums may have changed between them."""
    return [Cells(row, reading.zone) for row in once(rows, _item)]


def _item(row: Row) -> str:
    names = ("ASIN/ISBN", "ASIN", "Title", "Product Name")
    return next((text for name in names if (text := row.values.get(name, "").strip())), "")


def item_line(cells: Cells, currency: str, taken: dict[str, int]) -> Line:
    """The line without its sums. A cancelled row with quantity 0 stands for one unit: a row is at least that."""
    quantity = cells.quantity("Quantity", "Original Quantity")
    if quantity is None or quantity < 0:
        raise RowError(cells.row, "no Quantity" if quantity is None else f"Quantity: {quantity} is negative")
    gone = was_cancelled(cells, quantity)
    sku = cells.text("ASIN/ISBN", "ASIN")
    return Line(
        id=unique(sku or "item", taken),
        title=cells.text("Title", "Product Name") or sku or "Item",
        quantity=quantity or 1,
        unit_price=cells.money(currency, "Purchase Price Per Unit", "Unit Price") or 0,
        total=0,
        sku=sku,
        cancelled_quantity=(quantity or 1) if gone else 0,
        product_url=_product_url(cells.text("Website"), sku),
        category=cells.text("Category"),
        condition=cells.text("Condition", "Product Condition"),
        seller=cells.text("Seller"),
    )


def _product_url(website: str, sku: str) -> str:
    """An ISBN that lost its leading zeros leads nowhere: then there is no link."""
    known = website.lower().startswith("amazon.") and len(sku) == 10 and sku.isalnum()
    return f"https://www.{website.lower()}/dp/{sku}" if known else ""


def order(number: str, rows: list[tuple[Cells, Line]], reading: Reading, total: int, shipping: int = 0) -> OrderSnapshot:
    """Cancelled when all its lines are; the source has no date for that, so it is the order's own."""
    cells, lines = [cells for cells, _ in rows], [line for _, line in rows]
    placed = placed_at(cells, "Order Date")
    gone = all(line.cancelled_quantity == line.quantity for line in lines)
    return OrderSnapshot(
        source="amazon",
        external_id=number,
        number=number,
        merchant=reading.merchant,
        customer=customer_of(cells, reading),
        placed_at=placed,
        currency=currency_of(cells, "Currency"),
        lines=lines,
        total=total,
        shipping=shipping,
        tax=sum(line.tax for line in lines),
        payment=_payment_state(rows, gone, total),
        shipments=parcels(rows),
        cancelled_at=placed if gone else None,
        **_rest(cells),
    )


def _rest(rows: list[Cells]) -> dict[str, Any]:
    return {
        "shipping_method": all_texts(rows, "Shipping Option", ", "),
        "payments": payments(rows, "Payment Instrument Type", "Payment Method Type"),
        "shipping_address": written_address(rows[0].text("Shipping Address")) or fields_address(rows[0]),
        "billing_address": written_address(rows[0].text("Billing Address")),
        "gift_message": all_texts(rows, "Gift Message", "\n\n"),
    }


def _payment_state(rows: list[tuple[Cells, Line]], gone: bool, total: int) -> PaymentState:
    """Amazon charges when it ships."""
    if gone and not total:
        return "unpaid"
    waiting = any(states(cells) & {"open", "pending", "authorized", "new"} for cells, _ in rows)
    return "authorised" if waiting and not any(parcel_of(cells) for cells, _ in rows) else "paid"
