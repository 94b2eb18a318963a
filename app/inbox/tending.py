"""What a desk does with a thread beside answering it: takes it on, closes it, opens it again. Each is an event."""

from typing import Any

from app import clock, db
from app.accounts import customers
from app.errors import Refused
from app.events import actions as events
from app.i18n import _
from app.inbox import counting, kept, seeing
from app.inbox.kept import KeptThread

ASSIGN = "UPDATE threads SET assigned = {} WHERE id = {}"
MEMBER = "SELECT id FROM members WHERE merchant = {} AND id = {}"
CLOSE = "UPDATE threads SET closed_at = {}, waiting_on = 'nobody' WHERE id = {}"
# Since when and until when it waits is still there: what is opened again waits as it did before.
OPEN = """
UPDATE threads SET closed_at = NULL, waiting_on = CASE WHEN waiting_since IS NOT NULL THEN 'seller'
WHEN last_side IN ('seller', 'shop') THEN 'buyer' ELSE waiting_on END WHERE id = {}
"""


async def assign(merchant: int, code: str, member: int | None, *, by: str) -> None:
    """To one of the desk's people, or to nobody. Raises Missing, Refused (409) for who does not work there."""
    async with db.transaction():
        it = await _locked(merchant, code)
        if member is not None and not await db.rows(MEMBER, merchant, member):
            raise Refused(_("That person does not work at this desk."))
        if it.assigned == member:
            return
        await db.execute(ASSIGN, member, it.id)
        await _tell(it, "thread_assigned", by=by, member=member)


async def close(merchant: int, code: str, *, by: str) -> None:
    """Nothing is waited for any more; whoever writes on opens it again. Closed twice, it is closed once. Raises Missing."""
    async with db.transaction():
        it = await _locked(merchant, code)
        if it.closed_at is None:
            await db.execute(CLOSE, clock.now(), it.id)
            await _shown(it, "thread_closed", by=by)


async def reopen(merchant: int, code: str, *, by: str) -> None:
    """Raises Missing."""
    async with db.transaction():
        it = await _locked(merchant, code)
        if it.closed_at is not None:
            await db.execute(OPEN, it.id)
            await _shown(it, "thread_opened", by=by)


async def seen(merchant: int, code: str, *, until: int = db.MOST_ID) -> None:
    """By somebody at the desk; its customer sees that at the message. `until`: the newest that was shown. Raises Missing."""
    async with db.transaction():
        it = await _locked(merchant, code)
        if it.desk_seen < it.last_message:
            await seeing.at_desk(it, until)
            await counting.changed(it.customer, it.id)


async def _locked(merchant: int, code: str) -> KeptThread:
    await customers.lock((await kept.at_desk(merchant, code)).customer)
    return await kept.at_desk(merchant, code)


async def _shown(it: KeptThread, kind: str, **said: Any) -> None:
    """Its customer sees it, too."""
    await _tell(it, kind, **said)
    await counting.changed(it.customer, it.id)


async def _tell(it: KeptThread, kind: str, **said: Any) -> None:
    await events.record(kind, customer=it.customer, merchant=it.merchant, order=it.order, code=it.code, **said)
