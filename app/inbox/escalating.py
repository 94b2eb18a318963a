"""Asking the shop itself to step in, once the seller's time is up. It reads along then, and answers beside the seller."""

from datetime import datetime

from app import clock, db
from app.accounts import customers
from app.errors import Refused
from app.events import actions as events
from app.i18n import _, voice
from app.inbox import counting, kept, lines, posting
from app.inbox.kept import KeptThread
from app.inbox.posting import Said
from app.merchants import shop
from app.merchants.shop import Shop
from app.returns.asking import answer_by

ESCALATE = "UPDATE threads SET escalated_at = {}, due_at = {} WHERE id = {}"
EVENT = "thread_escalated"


def possible_from(it: KeptThread) -> datetime | None:
    """None where nothing is waited for, or it was done already."""
    waits = it.waiting_on == "seller" and it.closed_at is None and it.escalated_at is None
    return it.due_at if waits else None


async def whom(it: KeptThread) -> Shop | None:
    """Who could step in: None where the seller is the shop itself."""
    return await shop.other_than(it.merchant)


async def escalate(customer: int, code: str) -> None:
    """From then on it waits for the shop's answer, until a day of its own. Done twice, it is done once. Raises Missing, Refused
    (409) before the day."""
    async with db.transaction():
        await customers.lock(customer)
        it, asked = await kept.owned_by(customer, code), await shop.found()
        if it.escalated_at is not None:
            return
        since = possible_from(it)
        if asked is None or asked.id == it.merchant or since is None:
            raise Refused(_("There is nobody to be asked to step in here."))
        if clock.now() < since:
            raise Refused(_("The seller has time to answer. You can ask from %(day)s on.") % {"day": voice().weekday(since)})
        at = clock.now()
        await db.execute(ESCALATE, at, await answer_by(asked.id), it.id)
        await lines.add(it.id, EVENT, asked.name, at)
        await events.record(
            EVENT, customer=customer, merchant=it.merchant, order=it.order, code=code, by=f"customer:{customer}", escalated=True
        )
        await counting.changed(customer, it.id)


async def answer(merchant: int, code: str, said: Said) -> int:
    """Of the shop's people, to the customer. Raises Missing, Invalid(text=…)."""
    async with db.transaction():
        await shop.at_desk(merchant)
        await customers.lock((await kept.escalated(code)).customer)
        return await posting.post(await kept.escalated(code), said)
