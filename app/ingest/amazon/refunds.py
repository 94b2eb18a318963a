"""What Amazon gave back: `Refund Details.csv`, `Retail.OrdersReturned.Payments.N.csv`, returns lists with an amount.

A refund names an order, mostly not a line. `Refund Details` joins returned units with payments and so repeats a refund
for each unit: rows alike to the second are one refund. Where only dates are told, rows alike are different refunds.
`Retail.OrdersReturned.N.csv` adds the reason; its only money is what went straight to a bank account. `Digital Returns`
repeats “Amount Refunded” on each component of an item; where it is not available a credit came back, no money.
"""

from hashlib import sha256

from app.ingest.amazon.cells import Cells
from app.ingest.grouping import once, unique
from app.ingest.reading import Reading
from app.ingest.rows import Row, RowError
from app.ingest.snapshot import Amendment, LineQuantity, Refund

AMOUNT = ("Refund Amount", "AmountRefunded", "Amount Refunded")
BANK = "DirectDebitRefundAmount"
DATE = ("Refund Date", "RefundCompletionDate", "Return Date", "CreationDate")
REASON = ("Reversal Reason", "ReversalReason", "Reason")
STATUS = ("Reversal Status", "Status", "ReversalStatus", "Payment Status", "Return Status")
DONE = {"", "completed", "complete", "final", "success", "succeeded", "refunded", "customer return complete"}
TWO_DIGITS = "USD"  # stands for any currency with cents


def refunds(number: str, rows: list[Row], reading: Reading) -> Amendment | None:
    """None when no money came back."""
    cells = [Cells(row, reading.zone) for row in once(rows, _content)]
    reasons = {cell.text("ReversalID"): cell.text(*REASON) for cell in cells if cell.text(*REASON)}
    paid = {cell.text("ReversalID") for cell in cells if any(name in cell.row.values for name in AMOUNT)}
    found: list[Refund] = []
    taken: dict[str, int] = {}
    for cell in cells:
        refund = _refund(number, cell, paid)
        if refund is None or (refund.id in taken and refund.at and ":" in cell.text(*DATE)):
            continue
        refund.reason = refund.reason or reasons.get(cell.text("ReversalID"), "")
        refund.id = unique(refund.id, taken)
        found.append(refund)
    if not found:
        return None
    return Amendment(source="amazon", merchant=reading.merchant, external_id=number, refunds=found)


def _content(row: Row) -> object:
    return tuple(sorted(row.values.items()))


def _refund(number: str, cells: Cells, paid: set[str]) -> Refund | None:
    bank = not any(name in cells.row.values for name in AMOUNT)
    amount = _amount(cells, (BANK,) if bank else AMOUNT)
    if not amount or (bank and cells.text("ReversalID") in paid):
        return None
    if amount < 0:
        raise RowError(cells.row, "the amount of a refund is negative")
    at, sku = cells.moment(*DATE), cells.text("ASIN")
    facts = (number, cells.text("ReversalID"), amount, at, cells.text("Disbursement Type", "DisbursementType"), sku)
    status = cells.text(*STATUS).lower()
    return Refund(
        id="amazon-" + sha256(repr(facts).encode()).hexdigest()[:20],
        amount=amount,
        at=at,
        kind="direct_debit" if bank else "other",
        reason=cells.text(*REASON),
        state="succeeded" if status in DONE else "failed" if "fail" in status or "declin" in status else "pending",
        lines=[LineQuantity(line=sku, quantity=cells.quantity("Quantity") or 1)] if sku else [],
    )


def _amount(cells: Cells, columns: tuple[str, ...]) -> int | None:
    """A list without a currency column is read only where two decimals tell that it has cents: “13.84”, not “1400”."""
    currency = cells.text("Currency", "Base Currency").upper()
    text = cells.text(*columns)
    if text and not currency and text.strip("'")[-3:-2] != ".":
        raise RowError(cells.row, f"{columns[0]}: the currency of “{text}” is not known")
    amount = cells.money(currency or TWO_DIGITS, *columns)
    if amount is None and columns is AMOUNT and "Amount Refunded" not in cells.row.values:
        raise RowError(cells.row, f"no {columns[0]}")
    return amount
