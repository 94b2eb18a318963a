"""How many of an order's line can still be asked for: what is held by one return cannot be asked for by another.

Asked and taken in one transaction with the customer's row locked: of fifty requests for the last two, two get them. A claim
that nobody has decided yet holds nothing against a withdrawal (see `giving_way.py`).
"""

from collections.abc import Collection

from msgspec import Struct
from msgspec.structs import replace

from app import db
from app.reading import Part
from app.returns import states

# What sources say was refunded may be what a return of ours has led to: the larger of the two counts, not both. One that is
# paid in part has begun to lead to it.
LINES = """
SELECT l.id, l."order", l.position, l.quantity, l.cancelled_quantity, l.refunded_quantity,
  COALESCE(h.undecided, 0) AS undecided, COALESCE(h.asked, 0) AS asked,
  COALESCE(h.live, 0) AS live, COALESCE(h.begun, 0) AS begun, COALESCE(h.settled, 0) AS settled, COALESCE(h.amount, 0) AS amount
FROM order_lines l LEFT JOIN (
  SELECT rl.line, SUM(CASE WHEN r.settled_at IS NULL THEN rl.held ELSE 0 END) AS live,
    SUM(CASE WHEN r.settled_at IS NULL AND r.refunded > 0 THEN rl.held ELSE 0 END) AS begun,
    SUM(CASE WHEN r.settled_at IS NOT NULL THEN rl.held ELSE 0 END) AS settled,
    SUM(CASE WHEN {undecided} THEN rl.held ELSE 0 END) AS undecided,
    SUM(CASE WHEN {asked} THEN rl.held ELSE 0 END) AS asked,
    SUM(CASE WHEN rl.held > 0 THEN rl.expected ELSE 0 END) AS amount
  FROM return_lines rl JOIN returns r ON r.id = rl.of_return
  WHERE rl.held > 0 AND rl.line IN (SELECT id FROM order_lines WHERE "order" IN ({marks})){but} GROUP BY rl.line
) h ON h.line = l.id WHERE l."order" IN ({marks}) ORDER BY l."order", l.position, l.id
"""


UNDECIDED = "(r.kind = 'claim' AND r.state = 'open')"
ASKED = f"(r.state IN {states.ASKED} AND r.settled_at IS NULL AND r.refunded = 0)"


class Left(Struct, frozen=True):
    """Of one line: `gone` were cancelled, paid back or asked for; `free` are left to be asked for, `theirs` what has not gone
    back yet. `held` are in returns of ours, for which `amount` was promised. `withdrawable` can be withdrawn from: the free
    ones, and those that only an undecided claim holds. `over`: asked for twice, while such a claim has not given way yet.
    `asked`: how many of those that are gone are only asked for, and are left where that is refused."""

    line: int
    order: int
    position: int
    quantity: int
    gone: int
    free: int
    withdrawable: int
    over: int
    theirs: int
    held: int
    amount: int
    asked: int = 0


async def left(orders: Collection[int], but: Collection[int] = ()) -> dict[int, Left]:
    """By the line's id. `but`: lines of which undecided claims hold nothing."""
    numbers, lines = sorted(set(orders)), sorted(but)
    if not numbers:
        return {}
    without = f" AND NOT ({UNDECIDED} AND rl.line IN ({db.marks(len(lines))}))" if lines else ""
    sql = LINES.format(marks=db.marks(len(numbers)), undecided=UNDECIDED, asked=ASKED, but=without)
    found = await db.rows(sql, *numbers, *lines, *numbers)
    return {row["id"]: _left(row) for row in found}


class Held(Struct, frozen=True, array_like=True):
    """Of a line: in returns that are under way, in those of them that are paid in part, in those that are settled, and in
    claims that nobody has decided yet."""

    line: int
    live: int
    begun: int
    settled: int
    undecided: int


# For `reading.together` with the order's id.
PART = Part(
    Held,
    "FROM return_lines rl JOIN returns r ON r.id = rl.of_return "
    'WHERE rl.held > 0 AND rl.line IN (SELECT id FROM order_lines WHERE "order" = {}) GROUP BY rl.line',
    "rl.line, SUM(CASE WHEN r.settled_at IS NULL THEN rl.held ELSE 0 END), "
    "SUM(CASE WHEN r.settled_at IS NULL AND r.refunded > 0 THEN rl.held ELSE 0 END), "
    "SUM(CASE WHEN r.settled_at IS NOT NULL THEN rl.held ELSE 0 END), "
    f"SUM(CASE WHEN {UNDECIDED} THEN rl.held ELSE 0 END)",
)


def gone(quantity: int, cancelled: int, refunded: int, held: Held) -> int:
    """How many of a line were cancelled, paid back or asked for."""
    return min(_gone(cancelled, refunded, held), max(quantity, 0))


def _gone(cancelled: int, refunded: int, held: Held) -> int:
    return cancelled + held.live - held.begun + max(refunded, held.settled + held.begun)


def withdrawable(quantity: int, cancelled: int, refunded: int, held: Held) -> int:
    """How many of a line can be withdrawn from."""
    undecided = replace(held, live=held.live - held.undecided)
    return max(quantity - gone(quantity, cancelled, refunded, undecided), 0)


def _left(row: db.Row) -> Left:
    held = row["live"] + row["settled"]
    them = Held(row["id"], row["live"], row["begun"], row["settled"], row["undecided"])
    counts = (row["quantity"], row["cancelled_quantity"], row["refunded_quantity"], them)
    away = gone(*counts)
    free, over = max(row["quantity"] - away, 0), max(_gone(*counts[1:]) - row["quantity"], 0)
    return Left(
        row["id"], row["order"], row["position"], row["quantity"], away, free, withdrawable(*counts), over,
        free + row["live"], held, int(row["amount"]), away - gone(*counts[:3], replace(them, live=them.live - row["asked"])),
    )  # fmt: skip
