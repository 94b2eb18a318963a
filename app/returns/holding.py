"""How many of an order's line can still be asked for: what is held by one return cannot be asked for by another.

Asked and taken in one transaction with the customer's row locked: of fifty requests for the last two, two get them.
"""

from collections.abc import Collection

from msgspec import Struct

from app import db
from app.reading import Part

# What sources say was refunded may be what a return of ours has led to: the larger of the two counts, not both. One that is
# paid in part has begun to lead to it.
LINES = """
SELECT l.id, l."order", l.position, l.quantity, l.cancelled_quantity, l.refunded_quantity,
  COALESCE(h.live, 0) AS live, COALESCE(h.begun, 0) AS begun, COALESCE(h.settled, 0) AS settled, COALESCE(h.amount, 0) AS amount
FROM order_lines l LEFT JOIN (
  SELECT rl.line, SUM(CASE WHEN r.settled_at IS NULL THEN rl.held ELSE 0 END) AS live,
    SUM(CASE WHEN r.settled_at IS NULL AND r.refunded > 0 THEN rl.held ELSE 0 END) AS begun,
    SUM(CASE WHEN r.settled_at IS NOT NULL THEN rl.held ELSE 0 END) AS settled,
    SUM(CASE WHEN rl.held > 0 THEN rl.expected ELSE 0 END) AS amount
  FROM return_lines rl JOIN returns r ON r.id = rl.of_return
  WHERE rl.held > 0 AND rl.line IN (SELECT id FROM order_lines WHERE "order" IN ({marks})) GROUP BY rl.line
) h ON h.line = l.id WHERE l."order" IN ({marks}) ORDER BY l."order", l.position, l.id
"""


class Left(Struct, frozen=True):
    """Of one line: `gone` were cancelled, paid back or asked for; `free` are left to be asked for, `theirs` what has not gone
    back yet. `held` are in returns of ours, for which `amount` was promised."""

    line: int
    order: int
    position: int
    quantity: int
    gone: int
    free: int
    theirs: int
    held: int
    amount: int


async def left(orders: Collection[int]) -> dict[int, Left]:
    """By the line's id."""
    numbers = sorted(set(orders))
    if not numbers:
        return {}
    found = await db.rows(LINES.format(marks=db.marks(len(numbers))), *numbers, *numbers)
    return {row["id"]: _left(row) for row in found}


class Held(Struct, frozen=True, array_like=True):
    """Of a line: in returns that are under way, in those of them that are paid in part, in those that are settled."""

    line: int
    live: int
    begun: int
    settled: int


# For `reading.together` with the order's id.
PART = Part(
    Held,
    "FROM return_lines rl JOIN returns r ON r.id = rl.of_return "
    'WHERE rl.held > 0 AND rl.line IN (SELECT id FROM order_lines WHERE "order" = {}) GROUP BY rl.line',
    "rl.line, SUM(CASE WHEN r.settled_at IS NULL THEN rl.held ELSE 0 END), "
    "SUM(CASE WHEN r.settled_at IS NULL AND r.refunded > 0 THEN rl.held ELSE 0 END), "
    "SUM(CASE WHEN r.settled_at IS NOT NULL THEN rl.held ELSE 0 END)",
)


def gone(quantity: int, cancelled: int, refunded: int, held: Held) -> int:
    """How many of a line were cancelled, paid back or asked for."""
    paid = max(refunded, held.settled + held.begun)
    return min(cancelled + held.live - held.begun + paid, max(quantity, 0))


def _left(row: db.Row) -> Left:
    held = row["live"] + row["settled"]
    them = Held(row["id"], row["live"], row["begun"], row["settled"])
    away = gone(row["quantity"], row["cancelled_quantity"], row["refunded_quantity"], them)
    free = max(row["quantity"] - away, 0)
    theirs = free + row["live"]
    return Left(row["id"], row["order"], row["position"], row["quantity"], away, free, theirs, held, int(row["amount"]))
