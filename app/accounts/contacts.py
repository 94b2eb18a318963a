"""The e-mail address of an account, changed by its owner after a fresh proof of who it is, or by the operator.

An address that somebody types has still to be shown to be theirs: the mail to it says nothing of the account, neither name nor
phrase. Whether it has an account here, only its own mailbox is told; who asks sees the same, and the same work is done.
"""

from datetime import datetime

from msgspec import Struct

from app import clock, db, i18n
from app.accounts import (
    alarms,
    customers,
    email_address,
    email_changes,
    password_links,
    sessions,
    sign_in_links,
    sign_ins,
    throttle,
)
from app.accounts.email_changes import Change
from app.accounts.telephones import Phone
from app.accounts.viewer import Viewer
from app.db import transaction
from app.errors import Invalid, Missing, Refused
from app.events.actions import record
from app.i18n import _
from app.mail import letters
from app.settings import settings

GLANCE = """
SELECT c.phone, c.phone_confirmed_at, c.phrase <> '' AS has_phrase, e.new_email, e.expires_at
FROM customers c LEFT JOIN email_changes e ON e.customer = c.id AND e.confirmed_at IS NULL AND e.expires_at > {}
WHERE c.id = {}
"""


class Glance(Struct, frozen=True):
    """What the account's list says of all this; `new_email` waits to be confirmed, until then."""

    phone: Phone
    has_phrase: bool
    new_email: str
    until: datetime | None


async def glance(customer: int) -> Glance:
    found = await db.one(GLANCE, clock.now(), customer)
    if found is None:
        raise Missing
    phone = Phone(found["phone"], found["phone_confirmed_at"] is not None)
    return Glance(phone, bool(found["has_phrase"]), found["new_email"] or "", found["expires_at"])


async def ask_for_email(viewer: Viewer, typed: str, network: str) -> str:
    """The new address as we write it. Both mailboxes are told. Raises Invalid(email=…), Refused (429)."""
    email = email_address.normal(typed)
    if email == viewer.email:
        raise Invalid(email=_("That is your address already."))
    await throttle.new_email_asked(viewer.id, email, network)
    async with transaction():
        await sessions.still_in(viewer)
        token = await email_changes.begin(viewer.id, viewer.email, email)
        await customers.raise_revision(viewer.id)
        await record("email_change_asked", customer=viewer.id)
        await _write_to_new(email, token)
        await alarms.raise_alarm(viewer.id, "email_change_asked", name=email)
    return email


async def cancel_email(viewer: Viewer) -> None:
    async with transaction():
        await sessions.still_in(viewer)
        if await email_changes.drop(viewer.id):
            await customers.raise_revision(viewer.id)
            await record("email_change_cancelled", customer=viewer.id)


async def confirm_email(token: str) -> Change:
    """Whoever has the link has the mailbox; the account's owner has asked for it. Said twice, it is done once.

    Raises Missing for a link that is over, Refused (409) when another account has got the address meanwhile.
    """
    known = await email_changes.find(token)
    if known is None:
        raise Missing
    async with transaction():
        await customers.lock(known.customer)
        change = await email_changes.spend(token)
        if change is None:
            return await _confirmed_before(token)
        owner = await db.one("SELECT email, locked_at FROM customers WHERE id = {}", change.customer)
        if owner is None or owner["email"] != change.old_email or owner["locked_at"]:
            raise Missing
        if not await customers.move(change.customer, change.new_email):
            raise Refused(_("Another account has got this address meanwhile. Nothing was changed."))
        await _void_ways_in(change)
        await record("email_changed", customer=change.customer, change=change.id)
        await alarms.raise_alarm(change.customer, "email_changed", change.id, to=change.old_email, name=change.new_email)
    return change


async def change_email(customer: int, typed: str, *, reason: str) -> str:
    """By the operator, for who gets no mail at the old address any more, which is told all the same and can take it back.

    Everybody is signed out. Raises Invalid(email=…), Refused when it has that address already, or another account has.
    """
    email = email_address.normal(typed)
    async with transaction():
        await customers.lock(customer)
        owner = await db.one("SELECT email FROM customers WHERE id = {}", customer)
        old = owner["email"] if owner else ""
        if old == email:
            raise Refused("that is its address already")
        if not await customers.move(customer, email):
            raise Refused(f"another account has {email}")
        change = await email_changes.made(customer, old, email)
        await _void_ways_in(change)
        await sessions.end_all(customer)
        await record("email_changed", customer=customer, change=change.id, by="operator", reason=reason)
        if not old.endswith(email_changes.NOWHERE):
            await alarms.raise_alarm(customer, "email_changed", change.id, to=old, name=email)
    return email


async def _write_to_new(email: str, token: str) -> None:
    """A link for who has no account; who has one is told so, in their own words, and that nothing has happened."""
    owner = await db.one("SELECT locale, time_zone, phrase FROM customers WHERE email = {}", email)
    if owner is None:
        link = f"{settings.base_url}/new-email/{token}"
        await letters.write(email, "email_change", i18n.voice(), email=email, link=link, url=settings.base_url)
    else:
        about = {"phrase": owner["phrase"], "url": f"{settings.base_url}/sign-in"}
        await letters.write(email, "email_taken", customers.voice_of(owner), email=email, **about)


async def _confirmed_before(token: str) -> Change:
    change = await email_changes.find(token)
    if change is None or not change.done:
        raise Missing
    return change


async def _void_ways_in(change: Change) -> None:
    """What was sent to the old address and is still open. Codes are not deleted: a browser may remember their ids."""
    at = clock.now()
    await sign_ins.end_all(change.customer)
    await db.execute("UPDATE sign_in_codes SET expires_at = {} WHERE email = {} AND expires_at > {}", at, change.old_email, at)
    await sign_in_links.end_all(change.customer)
    await password_links.end_all(change.customer)
