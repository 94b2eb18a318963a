"""Reported messages at the desk that decides of them: those that wait, the oldest report first, and those that were decided."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from app import db, reading
from app.errors import Missing
from app.inbox import kept, messages
from app.inbox.kept import KeptThread
from app.inbox.messages import KeptMessage, Page
from app.merchants import shop

PAGE = 30
AROUND = 5  # messages before and after the one that was reported: what it was said in, and no more


class Flagged(Struct, frozen=True, array_like=True):
    """A message with what was reported of it: `text` as it was written, also of one that is withdrawn."""

    id: int
    side: str
    name: str
    text: str
    author: int | None
    code: str
    subject: str
    titles: str
    merchant: int
    merchant_name: str
    merchant_slug: str
    reports: int
    waiting: int
    at: datetime
    did: str
    why: str
    words: str
    decided_at: datetime | None


NAMES = {
    "code": "t.code", "subject": "t.subject", "titles": "t.titles", "merchant": "t.merchant", "merchant_name": "s.name",
    "merchant_slug": "s.slug", "text": "CASE WHEN m.text = '' THEN COALESCE(v.words, '') ELSE m.text END",
    "reports": "r.reports", "waiting": "r.waiting", "at": "r.at",
    "did": "COALESCE(v.did, '')", "why": "COALESCE(v.why, '')", "words": "COALESCE(v.text, '')", "decided_at": "v.at",
}  # fmt: skip
COLUMNS = ", ".join(NAMES.get(name, f"m.{name}") for name in Flagged.__struct_fields__)
# Few are reported: they are all gone through, and never the messages, nor (the plus) all threads of a merchant.
FROM = """
FROM (
  SELECT message, count(*) AS reports, SUM(CASE WHEN settled_at IS NULL THEN 1 ELSE 0 END) AS waiting, min(at) AS at
  FROM message_reports GROUP BY message
) AS r JOIN messages m ON m.id = r.message JOIN threads t ON t.id = m.thread JOIN merchants s ON s.id = t.merchant
LEFT JOIN message_verdicts v ON v.message = m.id WHERE
"""
COUNT = """
SELECT count(DISTINCT r.message) AS n FROM message_reports r JOIN messages m ON m.id = r.message
JOIN threads t ON t.id = m.thread WHERE r.settled_at IS NULL
"""
REPORTS = "SELECT side, why, text, at FROM message_reports WHERE message = {} ORDER BY id DESC LIMIT 20"
NEARBY = """
FROM messages m WHERE m.thread = {} AND m.side <> 'note' AND (
  m.id IN (SELECT id FROM messages WHERE thread = {} AND side <> 'note' AND id < {} ORDER BY id DESC LIMIT {})
  OR m.id = {} OR m.id IN (SELECT id FROM messages WHERE thread = {} AND side <> 'note' AND id > {} ORDER BY id LIMIT {})
) ORDER BY m.id
"""


async def judged_at(merchant: int) -> int | None:
    """Whose conversations' reports are decided at that desk: None for all. Raises Missing where none are."""
    it = await shop.found()
    if it is not None and it.id != merchant:
        raise Missing
    return merchant if it is None else None


async def count(merchant: int) -> int | None:
    """How many messages wait to be decided of there; None at a desk that decides of none."""
    try:
        whose = await judged_at(merchant)
    except Missing:
        return None
    found = await db.rows(COUNT if whose is None else f"{COUNT} AND +t.merchant = {{}}", *([] if whose is None else [whose]))
    number: int = found[0]["n"]
    return number


async def page_of(merchant: int, before: str = "", *, decided: bool = False) -> tuple[list[Flagged], str]:
    """And the cursor of the next page, or an empty text. Raises Missing."""
    whose = await judged_at(merchant)
    sql, by, order, beyond = ("r.waiting = 0", "v.at", " DESC", "<") if decided else ("r.waiting > 0", "r.at", "", ">")
    args: list[object] = []
    if whose is not None:
        sql, args = f"{sql} AND +t.merchant = {{}}", [whose]
    if place := reading.read_cursor(before):
        sql, args = f"{sql} AND ({by}, m.id) {beyond} ({{}}, {{}})", [*args, *place]
    found = await reading.texts(COLUMNS, f"{FROM} {sql} ORDER BY {by}{order}, m.id{order} LIMIT {{}}", *args, PAGE + 1)
    shown = [reading.decoder(Flagged)(row) for row in found[:PAGE]]
    if len(found) <= PAGE:
        return shown, ""
    last = shown[-1]
    return shown, reading.cursor((last.decided_at if decided else None) or last.at, last.id)


async def one(merchant: int, message: int) -> Flagged:
    """Raises Missing: also for what nobody has reported."""
    whose = await judged_at(merchant)
    found = await reading.texts(COLUMNS, f"{FROM} m.id = {{}}", message) if 0 < message <= db.MOST_ID else []
    it = reading.decoder(Flagged)(found[0]) if found else None
    if it is None or whose not in (None, it.merchant):
        raise Missing
    return it


async def reports(message: int) -> Sequence[db.Row]:
    return await db.rows(REPORTS, message)


async def around(it: Flagged) -> tuple[KeptThread, Page]:
    """Its thread, and what was said before and after; itself as it was written."""
    thread, columns = await kept.by_code(it.code), messages.COLUMNS
    place = (thread.id, thread.id, it.id, AROUND, it.id, thread.id, it.id, AROUND)
    said = [reading.decoder(KeptMessage)(row) for row in await reading.texts(columns, NEARBY, *place)]
    shown = [msgspec.structs.replace(one, text=it.text, event="") if one.id == it.id else one for one in said]
    return thread, Page(shown, await messages.files_of([one.id for one in shown if not one.event]), earlier=False)
