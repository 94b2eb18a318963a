"""What of reports and reviews is news for the people of a desk: each waits there under an address of its own."""

from collections.abc import Sequence

from app import db
from app.events.unnoticed import Heard

# The columns that `desks` tells of; `path` is the place at the desk. Of a message its thread's heading, never its words.
MESSAGES = """
SELECT m.id, s.id AS merchant, CASE WHEN t.subject = '' THEN t.titles ELSE t.subject END AS titles, NULL AS due_at, s.slug,
  s.name AS shop, '' AS code
FROM messages m JOIN threads t ON t.id = m.thread, merchants s WHERE s.id = {} AND m.id = {}
AND EXISTS (SELECT 1 FROM message_reports r WHERE r.message = m.id AND r.settled_at IS NULL)
"""
REVIEWS = """
SELECT r.id, s.id AS merchant, r.title AS titles, NULL AS due_at, s.slug, s.name AS shop, '' AS code
FROM reviews r, merchants s WHERE s.id = {} AND r.line = {} AND r.answered_at IS NULL AND r.hidden_at IS NULL
"""
WAITS = {"message_reported": (MESSAGES, "message", "inbox/reported"), "review_written": (REVIEWS, "line", "reviews")}


async def waiting(events: Sequence[Heard]) -> list[tuple[Heard, db.Row]]:
    """Which of them still wait for somebody at that desk, with what its people are told of that."""
    found: list[tuple[Heard, db.Row]] = []
    for event in events:
        sql, key, place = WAITS.get(event.kind, ("", "", ""))
        number = event.data.get(key)
        if event.merchant and isinstance(number, int) and 0 < number <= db.MOST_ID:
            row = await db.one(sql, event.merchant, number)
            found += [(event, {**row, "path": f"{place}/{row['id']}", "assigned": 0})] if row else []
    return found
