"""Conversations whose time is up are purged: texts, pictures and papers, what they are found by. That it was done is an event.

What its customer keeps for good stays, and what somebody still waits for: an open question, a return or a claim that is not
over, a word that the shop was asked for. A message's words to be found by go with it (see the migration of `message_words`); a
file goes when the change is made, and should that be interrupted, with the shelf's own chore, which drops what no row names.
First it is taken out of everybody's sight, and whoever wants to keep it finds that it is gone; then of a long one a part goes
at a time. Killed in between, it is taken up again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from app import clock, db
from app.accounts import customers
from app.events import actions as events
from app.inbox import counting
from app.inbox.files import SHELF
from app.inbox.keeping import FOR_EVER
from app.returns import states
from app.settings import settings

BITE = 300  # messages of one transaction: whoever wants to write meanwhile waits some milliseconds
THREADS = 50  # looked up at once
ENDED = (*states.OVER, *states.SETTLED, "resolved", "unconfirmed")
OVER = ", ".join(f"'{state}'" for state in ENDED)
WAITS = f"""
t.kept OR t.waiting_on = 'seller' OR (t.escalated_at IS NOT NULL AND t.closed_at IS NULL) OR EXISTS (
  SELECT 1 FROM returns r WHERE (r.id = t.of_return OR r."order" = t."order") AND r.state NOT IN ({OVER})) OR EXISTS (
  SELECT 1 FROM thread_about a JOIN returns r ON r.id = a.of_return OR r."order" = a."order"
  WHERE a.thread = t.id AND r.state NOT IN ({OVER}))
"""  # noqa: S608 - our own words
DUE = f"FROM threads t WHERE t.kind = {{}} AND t.last_at <= {{}} AND t.customer IS NOT NULL AND NOT ({WAITS})"
FOUND = f"SELECT t.id, t.customer {DUE} ORDER BY t.last_at, t.id LIMIT {{}}"
STILL = f'SELECT t.id, t.code, t.kind, t.customer, t.merchant, t."order", t.message_count, t.last_at {DUE} AND t.id = {{}}'
COUNT = f"""
SELECT count(*) AS threads, COALESCE(SUM(t.message_count), 0) AS messages,
  COALESCE(SUM((SELECT count(*) FROM message_files f JOIN messages m ON m.id = f.message WHERE m.thread = t.id)), 0) AS files
{DUE}
"""  # noqa: S608 - the same
# A thread of nobody's is on no page and in no list, and no code leads to it.
HIDE = "UPDATE threads SET customer = NULL, merchant = NULL WHERE id = {}"
HIDDEN = "SELECT id FROM threads WHERE customer IS NULL LIMIT {}"
MAILS = "SELECT id FROM mails_in WHERE thread = {}"
Along = Callable[[int, str], Awaitable[None]]  # (customer, code): what others keep of it goes, too, in the same transaction
# (codes): what is kept of them elsewhere goes before they do: killed in between, they are found again, and so is that.
First = Callable[[Sequence[str]], Awaitable[None]]


class Due(Struct, frozen=True):
    kind: str
    days: int
    threads: int
    messages: int
    files: int


async def _nothing(*_what: Any) -> None: ...


async def due() -> list[Due]:
    """What would be purged now, by kind."""
    found = {kind: (await db.scan(COUNT, kind, until))[0] for kind, until in _ends()}
    return [
        Due(kind, days, *(int(found[kind][name]) if kind in found else 0 for name in ("threads", "messages", "files")))
        for kind, days in settings.inbox_kept.items()
    ]


async def purge(along: Along = _nothing, first: First = _nothing, most: int = THREADS) -> list[str]:
    """The codes of those that are gone; of each kind at most so many, so that it comes to an end."""
    for row in await db.rows(HIDDEN, most):  # in which somebody was killed
        await _clear(row["id"])
    gone = []
    for kind, until in _ends():
        found = await db.scan(FOUND, kind, until, most)
        await first(await _codes([row["id"] for row in found]))
        for row in found:
            code = await _hide(kind, until, row["id"], row["customer"], along)
            gone += [code] if code else []
            if code:
                await _clear(row["id"])
    return gone


def _ends() -> Iterator[tuple[str, datetime]]:
    """What was said last before then is past its time."""
    for kind, days in settings.inbox_kept.items():
        if days != FOR_EVER:
            yield kind, clock.now() - timedelta(days=days)


async def _hide(kind: str, until: datetime, thread: int, customer: int, along: Along) -> str:
    """Its code; empty where somebody has written or kept it meanwhile."""
    async with db.transaction():
        await customers.lock(customer)
        found = await db.rows(STILL, kind, until, thread)
        if not found:
            return ""
        for code in await _codes([thread]):
            await along(customer, code)
        await _end(found[0])
        names = await _mails(thread)
    if names:
        await asyncio.to_thread(SHELF.drop, names)
    return str(found[0]["code"])


async def _clear(thread: int) -> None:
    """What was in one that nobody sees any more."""
    more = True
    while more:
        async with db.transaction():
            names, more = await _bite(thread)
            if not more:
                await db.execute("DELETE FROM threads WHERE id = {}", thread)
        await asyncio.to_thread(SHELF.drop, names)


async def _bite(thread: int) -> tuple[list[str], bool]:
    """Which files go with the oldest messages, and whether there are more of these."""
    rows = await db.rows("SELECT id FROM messages WHERE thread = {} ORDER BY id LIMIT {}", thread, BITE)
    if not rows:
        return [], False
    numbers, marks = [row["id"] for row in rows], db.marks(len(rows))
    files = await db.rows(f"SELECT name FROM message_files WHERE message IN ({marks})", *numbers)  # noqa: S608
    await db.execute(f"DELETE FROM message_files WHERE message IN ({marks})", *numbers)  # noqa: S608
    await db.execute(f"DELETE FROM messages WHERE id IN ({marks})", *numbers)  # noqa: S608
    return [file["name"] for file in files], len(rows) == BITE


async def _mails(thread: int) -> list[str]:
    """What came in by mail, landed or not: which files go with it."""
    files = await db.rows(f"SELECT name FROM mail_in_files WHERE mail IN ({MAILS})", thread)  # noqa: S608 - our own words
    await db.execute(f"DELETE FROM mail_in_files WHERE mail IN ({MAILS})", thread)  # noqa: S608
    await db.execute("DELETE FROM mails_in WHERE thread = {}", thread)
    return [file["name"] for file in files]


async def _codes(threads: Sequence[int]) -> list[str]:
    """Their own, and of those that have become part of them."""
    marks = db.marks(len(threads))
    sql = f"SELECT code FROM threads WHERE id IN ({marks}) UNION ALL SELECT code FROM merged_threads WHERE thread IN ({marks})"  # noqa: S608
    return [row["code"] for row in await db.rows(sql, *threads, *threads)] if threads else []


async def _end(row: db.Row) -> None:
    """What remains of it: which one, of which kind, how much it was and from when."""
    await db.execute(HIDE, row["id"])
    said: dict[str, Any] = {"code": row["code"], "of": row["kind"], "messages": row["message_count"], "last_at": row["last_at"]}
    await events.record("thread_purged", customer=row["customer"], merchant=row["merchant"], order=row["order"], **said)
    await counting.changed(row["customer"], row["id"])
