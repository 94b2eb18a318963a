"""Mails about a desk: to who works there from now on, and to its owners about whatever changes who gets in."""

from collections.abc import Sequence
from typing import Any, Literal

from app import clock, db
from app.accounts import customers
from app.mail import letters
from app.settings import settings

About = Literal[
    "api_key_made", "api_key_revoked", "member_added", "member_removed", "member_role_changed", "webhook_added",
    "webhook_removed", "webhook_switched_on", "webhook_switched_off", "webhook_disabled",
]  # fmt: skip
PAGES = {"api_key": "keys", "webhook": "webhooks"}  # of the desk, where it is seen; else its people

MERCHANT = "SELECT slug, name FROM merchants WHERE id = {}"
OWNERS = """
SELECT c.email, c.locale, c.time_zone, c.phrase FROM members mb JOIN customers c ON c.id = mb.customer
WHERE mb.merchant = {} AND mb.role = 'owner' ORDER BY mb.id
"""


async def owners(merchant: int) -> Sequence[db.Row]:
    """Whom `tell` tells: read before a change, so that whoever it takes away hears of it, too."""
    return await db.rows(OWNERS, merchant)


async def tell(to: Sequence[db.Row], merchant: int, about: About, *, by: str, what: str) -> None:
    """In the transaction of the change. `by` is an address, empty for the shell, and for what happens by itself; `what` names
    the key or the person."""
    shop = await _merchant(merchant)
    where = next((page for beginning, page in PAGES.items() if about.startswith(beginning)), "people")
    for person in to:
        voice = customers.voice_of(person)
        said: dict[str, Any] = {
            "about": about, "merchant": shop["name"], "by": by, "what": what, "when": voice.moment(clock.now()),
            "url": f"{settings.base_url}/desk/{shop['slug']}/{where}",
        }  # fmt: skip
        await letters.write(person["email"], "desk_alarm", voice, phrase=person["phrase"], **said)


async def welcome(person: db.Row, merchant: int, *, by: str) -> None:
    """`person` has `email`, `locale`, `time_zone` and `phrase`. Names of people are left out: whoever chooses their own could
    write something else there."""
    shop = await _merchant(merchant)
    address = f"{settings.base_url}/desk/{shop['slug']}"
    voice, about = customers.voice_of(person), {"merchant": shop["name"], "by": by, "url": address}
    await letters.write(person["email"], "desk_welcome", voice, phrase=person["phrase"], **about)


async def _merchant(merchant: int) -> db.Row:
    found = await db.one(MERCHANT, merchant)
    assert found is not None  # noqa: S101 - nobody takes a merchant away
    return found
