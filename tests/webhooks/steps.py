"""What tests of webhooks do: an endpoint of Mo's, an event of hers, what is due made due now."""

import asyncio
from typing import Any

from app import clock, db
from app.db import transaction
from app.events import unnoticed
from app.events.actions import record
from app.outgoing import Session
from app.tokens import seal
from app.webhooks import actions, sending
from tests import builders
from tests.builders import MO

SECRET = "whsec_" + "c2VjcmV0" * 5


async def endpoint(url: str, about: str = "", merchant: str = MO) -> int:
    row = {
        "merchant": await builders.merchant(merchant), "url": url, "about": about, "secret": seal(SECRET, actions.PURPOSE),
        "created_at": clock.now(),
    }  # fmt: skip
    return (await db.insert("webhook_endpoints", [row], "id"))[0]["id"]


async def happens(kind: str, order: int | None = None, merchant: str | None = MO, **data: Any) -> int:
    """An event that the worker has claimed; its id."""
    number = await builders.merchant(merchant) if merchant else None
    async with transaction():
        await record(kind, merchant=number, order=order, **data)
        (event,) = await unnoticed.claim_one((await db.rows("SELECT max(id) AS id FROM events"))[0]["id"])
        await actions.announce([event])
    return event.id


async def deliveries() -> list[db.Row]:
    return list(await db.rows("SELECT * FROM webhook_deliveries ORDER BY id"))


async def make_due() -> None:
    await db.execute("UPDATE webhook_deliveries SET next_try_at = {} WHERE state = 'waiting'", clock.now())


async def send_due(session: Session) -> int:
    """As a worker does that has nothing else under way; how many it were."""
    mine = await sending.claim(20, {})
    await asyncio.gather(*(sending.send(session, due) for due in mine))
    return len(mine)
