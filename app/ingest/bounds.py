"""What the tables can hold of an order, beyond what `checks.py` asks of it: sums of 64 bits, counts of 32, short texts.

PostgreSQL refuses what is larger in the middle of a transaction, SQLite keeps it or fails later: both are too late.
"""

from collections.abc import Iterator
from typing import Any

from app.ingest.checks import LARGEST_QUANTITY, Problems, problems
from app.ingest.snapshot import LineQuantity, OrderSnapshot, difference, line_difference
from app.money import LARGEST

LARGEST_SUM = 2**63 - 1
LONGEST_LOCALE = 16
LONGEST_TRACKING_NUMBER = 200  # it is indexed
YEARS = range(1900, 9998)  # a day to either side must exist, too; .NET writes “none” as the year 1
TOO_LARGE = "too large"


def unfit(order: OrderSnapshot) -> Problems:
    """All that keeps an order from being taken in: `checks.problems` and what the tables cannot hold."""
    return out_of_bounds(order) | problems(order)


def out_of_bounds(order: OrderSnapshot) -> Problems:
    """JSON pointer → what is wrong there, as `checks.problems` answers it."""
    return dict(_times(order)) | dict(_texts(order)) | dict(_sums(order)) | dict(_counts(order))


def _times(order: OrderSnapshot) -> Iterator[tuple[str, str]]:
    parts: list[tuple[str, Any, tuple[str, ...]]] = [("", order, ("placed_at", "updated_at", "cancelled_at", "closed_at"))]
    names = ("shipped_at", "estimated_from", "estimated_to", "delivered_at")
    parts += [(f"/shipments/{n}", part, names) for n, part in enumerate(order.shipments)]
    parts += [(f"/refunds/{n}", part, ("at",)) for n, part in enumerate(order.refunds)]
    for pointer, part, fields in parts:
        for name in fields:
            at = getattr(part, name)
            if at is not None and at.year not in YEARS:
                yield f"{pointer}/{name}", f"expected a year from {YEARS.start} to {YEARS.stop - 1}"


def _texts(order: OrderSnapshot) -> Iterator[tuple[str, str]]:
    if len(order.customer.locale) > LONGEST_LOCALE:
        yield "/customer/locale", f"longer than {LONGEST_LOCALE} characters"
    for n, shipment in enumerate(order.shipments):
        if len(shipment.tracking_number) > LONGEST_TRACKING_NUMBER:
            yield f"/shipments/{n}/tracking_number", f"longer than {LONGEST_TRACKING_NUMBER} characters"


def _sums(order: OrderSnapshot) -> Iterator[tuple[str, str]]:
    for n, payment in enumerate(order.payments):
        if abs(payment.amount or 0) > LARGEST:
            yield f"/payments/{n}/amount", TOO_LARGE
    for n, line in enumerate(order.lines):
        if abs(line_difference(order, line)) > LARGEST_SUM:
            yield f"/lines/{n}/total", "too far from what quantity and unit_price make"
    if abs(difference(order)) > LARGEST_SUM:
        yield "/total", "too far from the sum of its parts"
    if abs(sum(refund.amount for refund in order.refunds)) > LARGEST_SUM:
        yield "/refunds", "too large together"


def _counts(order: OrderSnapshot) -> Iterator[tuple[str, str]]:
    if sum(max(line.quantity, 0) for line in order.lines) > LARGEST_QUANTITY:
        yield "/lines", "too many pieces together"
    for n, shipment in enumerate(order.shipments):
        yield from _quantities(f"/shipments/{n}", shipment.lines)
    refunded: dict[str, int] = {}
    for n, refund in enumerate(order.refunds):
        yield from _quantities(f"/refunds/{n}", refund.lines)
        for part in refund.lines:
            refunded[part.line] = refunded.get(part.line, 0) + part.quantity
    if any(count > LARGEST_QUANTITY for count in refunded.values()):
        yield "/refunds", "too many pieces together"


def _quantities(pointer: str, parts: list[LineQuantity]) -> Iterator[tuple[str, str]]:
    for n, part in enumerate(parts):
        if part.quantity > LARGEST_QUANTITY:
            yield f"{pointer}/lines/{n}/quantity", TOO_LARGE
