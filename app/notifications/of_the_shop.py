"""What waits at the desk of the shop itself beside its own: conversations of sellers in which it was asked to step in."""

from collections.abc import Collection, Sequence

from app import db
from app.events.unnoticed import Heard

SHOP = "SELECT id FROM merchants WHERE is_shop"
# Told to the people of the merchant that is the shop; `place` as in `desks`.
ESCALATED = """
SELECT t.code, s.id AS merchant, CASE WHEN t.subject = '' THEN t.titles ELSE t.subject END AS titles, NULL AS due_at,
  s.slug, s.name AS shop, 'escalated' AS place
FROM threads t JOIN merchants s ON s.is_shop
WHERE t.waiting_on = 'seller' AND t.escalated_at IS NOT NULL AND t.code IN
"""
COUNTED = """
SELECT mb.customer, m.slug, (
  SELECT count(*) FROM threads t WHERE t.escalated_at IS NOT NULL AND t.waiting_on = 'seller' AND t.closed_at IS NULL
) AS n FROM members mb JOIN merchants m ON m.id = mb.merchant AND m.is_shop WHERE mb.customer IN
"""


async def of(events: Collection[Heard]) -> set[int]:
    """The merchant whose people these concern, too; nobody where no conversation of them was escalated."""
    return {row["id"] for row in await db.rows(SHOP)} if any(map(_escalated, events)) else set()


async def waiting(events: Sequence[Heard]) -> list[tuple[Heard, db.Row]]:
    """Which of them wait for the shop, with what its people are told of that."""
    codes = {event.id: str(event.data.get("code")) for event in events if _escalated(event)}
    if not (wanted := sorted(set(codes.values()))):
        return []
    found = {row["code"]: row for row in await db.rows(f"{ESCALATED} ({db.marks(len(wanted))})", *wanted)}
    return [(event, found[code]) for event in events if (code := codes.get(event.id, "")) in found]


async def count(customers: Sequence[int]) -> Sequence[db.Row]:
    """`customer`, `slug` and how many wait for each of them who works there."""
    return await db.rows(f"{COUNTED} ({db.marks(len(customers))})", *customers)


def _escalated(event: Heard) -> bool:
    return event.kind.startswith(("message_", "thread_")) and event.data.get("escalated") is True
