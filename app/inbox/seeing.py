"""How far each side has seen a thread: up to the newest message that a page, a mail or a form of theirs showed, and no further.

What was read or written without a network arrives later, when more may have been said: nobody has seen that.
"""

from app import db
from app.inbox.kept import KeptThread

# What a customer has not seen is counted anew, from the newest that they have.
BY_CUSTOMER = """
UPDATE threads SET seen = {}, marked = {}, unread = (
  SELECT count(*) FROM messages m WHERE m.thread = threads.id AND m.id > {} AND m.side IN ('seller', 'shop')
) WHERE id = {}
"""
BEHIND = "SELECT id FROM messages WHERE thread = {} AND id > {} AND side IN ('buyer', 'shop') LIMIT 1"
AT_DESK = "UPDATE threads SET desk_seen = {} WHERE id = {}"


async def by_customer(it: KeptThread, until: int) -> None:
    """In the caller's transaction, here and below, with the customer's row locked."""
    seen = _newest(it, it.seen, until)
    await db.execute(BY_CUSTOMER, seen, False, seen, it.id)


async def at_desk(it: KeptThread, until: int) -> None:
    await db.execute(AT_DESK, _newest(it, it.desk_seen, until), it.id)


async def answered(it: KeptThread, until: int, own: int) -> None:
    """`own`: the message in which the desk has answered. Where all before it was seen, there is nothing left to be seen."""
    seen = _newest(it, it.desk_seen, until)
    await db.execute(AT_DESK, seen if await db.rows(BEHIND, it.id, seen) else own, it.id)


def _newest(it: KeptThread, before: int, until: int) -> int:
    return max(before, min(until, it.last_message))
