"""What of an order that ships in exchange is its customer's money: what came back for it, and what was really paid of the
difference in price. What was asked for and is not paid yet comes back to nobody.

It lies on the lines as their prices do, to the cent. A line of which something was cancelled has lost the price of that.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.orders import exchanges
from app.payments.bounds import UNPAID
from app.returns import amounts

Row = Mapping[str, Any]
NOTHING: Mapping[int, int] = {}


def unpaid(order: Row, lines: Sequence[Row]) -> Mapping[int, int]:
    """By the line's id: its part of the difference that is still to be paid. Columns of `KeptOrder` and of `KeptLine`."""
    if order["payment"] not in UNPAID or not exchanges.made_here(order["external_id"]):
        return NOTHING
    prices = [price(line) for line in lines]
    parts = amounts.shares(min(order["total"], sum(prices)), prices)
    return {line["id"]: part for line, part in zip(lines, parts, strict=True)}


def price(line: Row) -> int:
    """Of what was not cancelled."""
    return int(line["unit_price"]) * max(line["quantity"] - line["cancelled_quantity"], 0)


def called_off(order: Row, line: Row) -> int:
    """What the line has lost with what was cancelled of it, where that is known to the cent: not of another's order, and not
    where some of its price was waived. Nothing else."""
    known = exchanges.made_here(order["external_id"]) and order["discount"] == order["exchanged"]
    if not line["cancelled_quantity"] or not known:
        return 0
    return max(int(line["total"]) - price(line), 0)
