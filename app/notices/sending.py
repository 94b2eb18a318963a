"""Notices on their way, some people at a time.

Whom it is for is written down when it begins, and each is told in the transaction that says so: killed anywhere, it goes on
where it was, and nobody is told twice. Who blocks the merchant meanwhile, or wants no more offers, is left out. The row of the
notice is locked for each bite: of two workers one tells, and whoever stops it waits no longer than that.
"""

import time
from collections.abc import Sequence
from datetime import timedelta

from app import clock, db
from app.events import actions as events
from app.inbox import telling
from app.inbox.telling import Told
from app.notices import kept, reach, segments
from app.notices.kept import KeptNotice
from app.settings import settings
from app.tokens import new_code

BITE = 25  # people of one transaction: whoever wants to write meanwhile waits some milliseconds
FOR_EVER = 0
IDS = 5_000  # forgotten at once
EVERY = 3600  # seconds, in each process
ANY = """
SELECT 1 AS n FROM notices WHERE state IN ('scheduled', 'sending') AND (state = 'sending' OR scheduled_at <= {}) LIMIT 1
"""  # the first of it leads to the index of those few
DUE = f"""
SELECT {kept.COLUMNS} FROM notices WHERE state = 'scheduled' AND scheduled_at <= {{}} ORDER BY scheduled_at, id LIMIT 1
{db.IF_FREE}
"""  # noqa: S608 - our own words
ON_ITS_WAY = f"SELECT {kept.COLUMNS} FROM notices WHERE state = 'sending' ORDER BY id LIMIT 1{db.IF_FREE}"  # noqa: S608
BEGIN = "UPDATE notices SET state = 'sending', started_at = {}, people = {} WHERE id = {}"
FOR = "INSERT INTO notice_people (notice, customer, state) SELECT CAST({} AS integer), c.id, 'waiting'"
WAITING = "SELECT customer FROM notice_people WHERE notice = {} AND state = 'waiting' ORDER BY customer LIMIT {}"
MARK = "UPDATE notice_people SET state = {}, at = {} WHERE notice = {} AND customer IN"
COUNT = "UPDATE notices SET told = told + {}, left_out = left_out + {} WHERE id = {}"
END = "UPDATE notices SET state = 'sent', ended_at = {} WHERE id = {} RETURNING told, people"
MERCHANT = "SELECT name FROM merchants WHERE id = {}"
OLD = """
DELETE FROM notice_people WHERE id IN (SELECT p.id FROM notice_people p JOIN notices n ON n.id = p.notice
  WHERE n.kind = {} AND n.ended_at < {} LIMIT {}) RETURNING id
"""
_due = 0.0  # by this process's own clock


async def send_due() -> bool:
    """Whether there may be more at once."""
    if not await db.rows(ANY, clock.now()):
        return False
    return await begin() or await bite()


async def begin() -> bool:
    """The first that is due, from now on for whom it fits now."""
    async with db.transaction():
        if not (found := await db.rows(DUE, clock.now())):
            return False
        it = kept.read(found[0])
        sql, args = segments.people(it.merchant, it.segment, offer=it.kind == "offer")
        await db.scan(f"{FOR} {sql}", it.id, *args)
        people = (await db.scan("SELECT count(*) AS n FROM notice_people WHERE notice = {}", it.id))[0]["n"]
        await db.execute(BEGIN, clock.now(), people, it.id)
        await events.record("notice_begun", merchant=it.merchant, notice=it.id, people=people)
        return True


async def bite() -> bool:
    """Some of those who wait for one that is on its way."""
    async with db.transaction():
        if not (found := await db.rows(ON_ITS_WAY)):
            return False
        it = kept.read(found[0])
        waiting = [row["customer"] for row in await db.rows(WAITING, it.id, BITE)]
        locales = await _still(it, waiting)
        for spoken in dict.fromkeys(locales.values()):
            await _tell(it, spoken, [who for who, locale in locales.items() if locale == spoken])
        left_out = [who for who in waiting if who not in locales]
        await _mark(it.id, "told", list(locales))
        await _mark(it.id, "left_out", left_out)
        await db.execute(COUNT, len(locales), len(left_out), it.id)
        if len(waiting) < BITE:
            await _end(it)
        return True


async def _still(it: KeptNotice, waiting: Sequence[int]) -> dict[int, str]:
    """Who of them is to be told, with the language in which they are; their rows are locked, in the order of the house."""
    if not waiting:
        return {}
    marks = db.marks(len(waiting))
    rows = await db.rows(f"SELECT id, locale FROM customers WHERE id IN ({marks}) ORDER BY id{db.FOR_UPDATE}", *waiting)  # noqa: S608
    sql, args = segments.wanted(it.merchant, offer=it.kind == "offer")
    still = await db.rows(f"SELECT c.id FROM customers c WHERE c.id IN ({marks}) AND {sql}", *waiting, *args)  # noqa: S608
    told = {row["id"] for row in still}
    return {row["id"]: it.said_in(reach.language(row["locale"]))[0] for row in rows if row["id"] in told}


async def _tell(it: KeptNotice, spoken: str, whom: Sequence[int]) -> None:
    said, shop = it.words[spoken], (await db.rows(MERCHANT, it.merchant))[0]["name"]
    codes = {who: new_code("T") for who in whom}  # should one be given out already, the bite is made anew with others
    await telling.tell(codes, Told(
        kind=it.kind, merchant=it.merchant, shop=shop, subject=said.subject, text=said.text, author=it.author,
    ))  # fmt: skip


async def _mark(notice: int, state: str, whom: Sequence[int]) -> None:
    if whom:
        await db.execute(f"{MARK} ({db.marks(len(whom))})", state, clock.now(), notice, *whom)


async def _end(it: KeptNotice) -> None:
    row = (await db.execute(END, clock.now(), it.id))[0]
    await events.record("notice_sent", merchant=it.merchant, notice=it.id, told=row["told"], people=row["people"])


async def forget() -> None:
    """A chore: looks at the time and goes, but for once an hour; it comes back sooner while there is more to forget."""
    global _due
    if time.monotonic() < _due:
        return
    if await forget_some() < IDS:
        _due = time.monotonic() + EVERY


async def forget_some() -> int:
    """Of how many it is forgotten that they got one: it is kept as long as it itself would be; how many did, as long as the
    notice."""
    gone = 0
    for kind in kept.KINDS:
        if (days := settings.inbox_kept[kind]) != FOR_EVER:
            gone += len(await db.scan(OLD, kind, clock.now() - timedelta(days=days), IDS))
    return gone
