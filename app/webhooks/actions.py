"""Endpoints: added, changed and switched off by a merchant's owners; events written down for them; sent again by hand."""

import secrets
from base64 import b64encode
from collections.abc import Sequence
from typing import Literal

from app import clock, db, outgoing
from app.accounts.viewer import Viewer
from app.db import transaction
from app.errors import Invalid, Missing, Refused
from app.events.actions import record
from app.events.unnoticed import Heard
from app.i18n import _
from app.merchants import members, news
from app.tokens import seal
from app.webhooks import kinds

PURPOSE = "webhook"
SECRET_PREFIX, SECRET_BYTES = "whsec_", 32  # Standard Webhooks: 24 to 64 bytes, base64
LONGEST_URL, MOST_ENDPOINTS = 2_000, 10
Why = Literal["owner", "failing", "gone"]
Told = Literal["webhook_added", "webhook_removed", "webhook_switched_on", "webhook_switched_off"]

LISTENING = "SELECT id, merchant, about FROM webhook_endpoints WHERE disabled_at IS NULL"
ENDPOINTS = """
SELECT id, url, about, created_at, failing_since, disabled_at, disabled_by FROM webhook_endpoints
WHERE merchant = {} ORDER BY id
"""
AGAIN = """
UPDATE webhook_deliveries SET state = 'waiting', attempts = 0, next_try_at = {}
WHERE id = {} AND endpoint = {} AND state <> 'waiting' RETURNING id
"""


async def of(merchant: int) -> Sequence[db.Row]:
    return await db.rows(ENDPOINTS, merchant)


async def one(merchant: int, number: int) -> db.Row:
    """Raises Missing for another merchant's."""
    found = next((row for row in await of(merchant) if row["id"] == number), None)
    if found is None:
        raise Missing
    return found


async def add(merchant: int, url: str, about: list[str], *, by: Viewer) -> str:
    """The secret, to be shown this once. Raises Invalid(url=…), Refused when there are too many."""
    url = _checked(url)
    secret = SECRET_PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    row = {
        "merchant": merchant, "url": url, "about": kinds.chosen(about), "secret": seal(secret, PURPOSE),
        "created_at": clock.now(),
    }  # fmt: skip
    async with transaction():
        await members.alone(merchant, by)
        if len(await of(merchant)) >= MOST_ENDPOINTS:
            raise Refused(_("There are %(num)d addresses already. Remove one first.") % {"num": MOST_ENDPOINTS})
        await db.insert("webhook_endpoints", [row])
        await _tell("webhook_added", merchant, url, by)
    return secret


async def remove(merchant: int, number: int, *, by: Viewer) -> None:
    """With the log of what was sent there. Raises Missing."""
    async with transaction():
        await members.alone(merchant, by)
        endpoint = await one(merchant, number)
        await db.execute("DELETE FROM webhook_deliveries WHERE endpoint = {}", number)
        await db.execute("DELETE FROM webhook_endpoints WHERE id = {}", number)
        await _tell("webhook_removed", merchant, endpoint["url"], by)


async def switch(merchant: int, number: int, *, on: bool, by: Viewer) -> None:
    """What happens while it is off is not sent there, later neither: it can be by hand. Raises Missing."""
    async with transaction():
        await members.alone(merchant, by)
        endpoint = await one(merchant, number)
        if await (_enable(number) if on else disable(number, "owner")):
            await _tell("webhook_switched_on" if on else "webhook_switched_off", merchant, endpoint["url"], by)


async def _enable(number: int) -> bool:
    """Whether it was off until now."""
    on = (
        "UPDATE webhook_endpoints SET disabled_at = NULL, disabled_by = '', failing_since = NULL "
        "WHERE id = {} AND disabled_at IS NOT NULL RETURNING id"
    )
    return bool(await db.execute(on, number))


async def disable(number: int, why: Why) -> bool:
    """Whether it was on until now."""
    off = "UPDATE webhook_endpoints SET disabled_at = {}, disabled_by = {} WHERE id = {} AND disabled_at IS NULL RETURNING id"
    return bool(await db.execute(off, clock.now(), why, number))


async def announce(events: Sequence[Heard]) -> None:
    """Writes each down for every endpoint that wants it, in the transaction that claims them."""
    telling = [event for event in events if event.merchant is not None and kinds.group_of(event.kind)]
    listening = await _listening({event.merchant for event in telling})
    at = clock.now()
    await db.insert("webhook_deliveries", [
        {"endpoint": row["id"], "event": event.id, "kind": event.kind, "order": event.order,
         "message_id": f"msg_{secrets.token_hex(16)}", "next_try_at": at, "created_at": at}
        for event in telling for row in listening
        if row["merchant"] == event.merchant and kinds.wants(row["about"], event.kind)
    ])  # fmt: skip


async def _listening(merchants: set[int | None]) -> Sequence[db.Row]:
    if not merchants:
        return []
    return await db.rows(f"{LISTENING} AND merchant IN ({db.marks(len(merchants))}) ORDER BY id", *merchants)


async def resend(merchant: int, number: int, delivery: int, *, by: Viewer) -> None:
    """Once more, at once, under the same id; what is still being tried goes on as it does. Raises Missing, Refused when the
    endpoint is off."""
    async with transaction():
        endpoint = await one(merchant, number)
        if endpoint["disabled_at"]:
            raise Refused(_("Nothing is sent to this address while it is off."))
        if await db.execute(AGAIN, clock.now(), delivery, number):
            await record("webhook_resent", merchant=merchant, by=by.id, url=endpoint["url"], delivery=delivery)
        elif await db.one("SELECT id FROM webhook_deliveries WHERE id = {} AND endpoint = {}", delivery, number) is None:
            raise Missing


def _checked(url: str) -> str:
    url = url.strip()
    wrong = _("it is too long") if len(url) > LONGEST_URL else outgoing.fault(url)
    if wrong:
        raise Invalid(url=_("We cannot call this address: %(reason)s") % {"reason": wrong})
    return url


async def _tell(about: Told, merchant: int, url: str, by: Viewer) -> None:
    await record(about, merchant=merchant, by=by.id, url=url)
    await news.tell(await news.owners(merchant), merchant, about, by=by.email, what=url)
