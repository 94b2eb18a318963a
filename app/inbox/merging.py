"""Two threads of one customer with one merchant become one: what was said stands in one place, in the order in which it was.

The one that goes leaves its code, which leads to the other from then on: its links, its mails, and what a phone sends late. It
cannot be taken back, as whoever writes on writes in one; so a page shows both before.
"""

from datetime import datetime

from msgspec import Struct

from app import clock, db
from app.accounts import customers
from app.errors import Missing, Refused
from app.events import actions as events
from app.i18n import _
from app.inbox import counting, kept, lines
from app.inbox.kept import KeptThread

MOST = 20
# The plus leads SQLite to the customer's threads, not to all of the merchant's.
OTHERS = """
SELECT code, subject, titles, order_number, last_text, last_at, message_count FROM threads
WHERE customer = {} AND +merchant = {} AND id <> {} AND kind IN ('order', 'return', 'question')
  AND (escalated_at IS NULL) = {}
ORDER BY last_at DESC, id DESC LIMIT {}
"""
MOVE = "UPDATE messages SET thread = {} WHERE thread = {}"
LABELS = """
UPDATE thread_labels SET thread = {} WHERE thread = {} AND label NOT IN (SELECT label FROM thread_labels WHERE thread = {})
"""
MAILS = "UPDATE mails_in SET thread = {} WHERE thread = {}"
# What guards the one that goes guards both: an order or a return that is not over, by which either is found.
ALSO = """
INSERT INTO thread_about (thread, "order", of_return) SELECT s.id, o."order", o.of_return FROM threads s, threads o
WHERE s.id = {} AND o.id = {} AND (o."order" IS NOT NULL OR o.of_return IS NOT NULL)
"""
ALSO_BEFORE = "UPDATE thread_about SET thread = {} WHERE thread = {}"
LEAD = "UPDATE merged_threads SET thread = {} WHERE thread = {}"
GO = "DELETE FROM threads WHERE id = {}"
NEWEST = """
UPDATE threads SET last_text = o.last_text, last_side = o.last_side, last_name = o.last_name, last_at = o.last_at,
last_message = o.last_message FROM threads o WHERE threads.id = {} AND o.id = {} AND o.last_message > threads.last_message
"""
ABOUT = """
UPDATE threads SET kind = o.kind, "order" = o."order", of_return = o.of_return, titles = o.titles, pictures = o.pictures,
order_number = o.order_number FROM threads o WHERE threads.id = {} AND o.id = {} AND threads."order" IS NULL
AND threads.of_return IS NULL
"""
BOTH = """
UPDATE threads SET message_count = {}, unread = {}, seen = {}, desk_seen = {}, archived = {}, muted = {}, marked = {},
kept = {}, waiting_on = {}, waiting_since = {}, due_at = {}, closed_at = {}, first_reply_at = {}, escalated_at = {},
assigned = {}, created_at = {} WHERE id = {}
"""


class Other(Struct, frozen=True):
    """Columns of `Thread`."""

    code: str
    subject: str
    titles: str
    order_number: str
    last_text: str
    last_at: datetime
    message_count: int


async def others(it: KeptThread) -> list[Other]:
    """Of the same customer and merchant that may become one with it, the newest first."""
    return [Other(**row) for row in await db.rows(OTHERS, it.customer, it.merchant, it.id, it.escalated_at is None, MOST)]


async def merge(merchant: int, code: str, other: str, *, by: str, member: int) -> None:
    """What was said in the `other` is said in this one. Raises Missing, Refused (409)."""
    async with db.transaction():
        await customers.lock((await kept.at_desk(merchant, code)).customer)
        it, gone = await kept.at_desk(merchant, code), await kept.at_desk(merchant, other)
        _check(it, gone)
        await db.execute(BOTH, *_together(it, gone), it.id)
        for sql in (NEWEST, ABOUT, ALSO, ALSO_BEFORE, MOVE, MAILS, LEAD):
            await db.execute(sql, it.id, gone.id)
        await db.execute(LABELS, it.id, gone.id, it.id)
        await db.execute(GO, gone.id)
        await db.insert("merged_threads", [{"code": gone.code, "thread": it.id, "by": member}])
        await lines.add(it.id, "thread_merged", f"{gone.code}\n{gone.order_number}", clock.now())
        await events.record(
            "thread_merged", customer=it.customer, merchant=it.merchant, order=it.order, code=it.code, was=gone.code, by=by
        )
        await counting.changed(it.customer, it.id)


def _check(it: KeptThread, gone: KeptThread) -> None:
    """Raises Missing, Refused (409)."""
    if gone.customer != it.customer:
        raise Missing
    if gone.id == it.id:
        raise Refused(_("They are one conversation already."))
    if {it.kind, gone.kind} - {"order", "return", "question"}:
        raise Refused(_("What was sent to many stays by itself."))
    if (it.escalated_at is None) != (gone.escalated_at is None):
        raise Refused(_("The shop reads only what it was asked to look at: it was asked to step in in one of them alone."))


def _together(it: KeptThread, gone: KeptThread) -> tuple[object, ...]:
    """In the order of BOTH. What either side has not seen is not made seen by it."""
    two = (it, gone)
    waiting = [one for one in two if one.waiting_on == "seller"]
    newest = max(two, key=lambda one: one.last_message)
    return (
        it.message_count + gone.message_count,
        it.unread + gone.unread,
        min((one.seen for one in two if one.unread), default=max(it.seen, gone.seen)),
        min((one.desk_seen for one in two if one.desk_seen < one.last_message), default=max(it.desk_seen, gone.desk_seen)),
        bool(it.archived and gone.archived), bool(it.muted and gone.muted), bool(it.marked or gone.marked),
        bool(it.kept or gone.kept),
        "seller" if waiting else newest.waiting_on,
        _first(*(one.waiting_since for one in waiting)), _first(*(one.due_at for one in waiting)),
        max(it.closed_at, gone.closed_at) if it.closed_at and gone.closed_at else None,
        _first(it.first_reply_at, gone.first_reply_at), _first(it.escalated_at, gone.escalated_at),
        gone.assigned if it.assigned is None else it.assigned, min(it.created_at, gone.created_at),
    )  # fmt: skip


def _first(*times: datetime | None) -> datetime | None:
    return min((at for at in times if at is not None), default=None)
