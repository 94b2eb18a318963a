"""How a customer is reached: the e-mail address and the telephone, changed by themselves after a fresh proof of who they are.

An address that somebody types has still to be shown to be theirs: the mail to it says nothing of the account, neither name nor
phrase. Whether it has an account here, only its own mailbox is told; who asks sees the same, and the same work is done.
"""

import re
from datetime import datetime
from urllib.parse import urlsplit

from msgspec import Struct

from app import clock, db, i18n
from app.accounts import alarms, customers, email_address, email_changes, phone_codes, phones, sign_ins, throttle
from app.accounts.email_changes import Change
from app.accounts.viewer import Viewer
from app.db import transaction
from app.errors import Invalid, Missing, Refused
from app.events.actions import record
from app.i18n import Voice, _
from app.mail import letters, texts
from app.settings import settings

GLANCE = """
SELECT c.phone, c.phone_confirmed_at, c.phrase <> '' AS has_phrase, e.new_email, e.expires_at
FROM customers c LEFT JOIN email_changes e ON e.customer = c.id AND e.confirmed_at IS NULL AND e.expires_at > {}
WHERE c.id = {}
"""


class Phone(Struct, frozen=True):
    """`number` is E.164, empty when there is none."""

    number: str
    confirmed: bool


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
        await customers.lock(viewer.id)
        token = await email_changes.begin(viewer.id, viewer.email, email)
        await customers.raise_revision(viewer.id)
        await record("email_change_asked", customer=viewer.id)
        await _write_to_new(email, token)
        await alarms.raise_alarm(viewer.id, "email_change_asked", name=email)
    return email


async def cancel_email(viewer: Viewer) -> None:
    async with transaction():
        await customers.lock(viewer.id)
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
        owner = await db.one("SELECT email FROM customers WHERE id = {}", change.customer)
        if owner is None or owner["email"] != change.old_email:
            raise Missing
        if not await customers.move(change.customer, change.new_email):
            raise Refused(_("Another account has got this address meanwhile. Nothing was changed."))
        await _void_ways_in(change)
        await record("email_changed", customer=change.customer, change=change.id)
        await alarms.raise_alarm(change.customer, "email_changed", change.id, to=change.old_email, name=change.new_email)
    return change


async def phone_of(customer: int) -> Phone:
    found = await db.one("SELECT phone, phone_confirmed_at FROM customers WHERE id = {}", customer)
    return Phone(found["phone"], found["phone_confirmed_at"] is not None) if found else Phone("", False)


async def change_phone(viewer: Viewer, typed: str, country: str) -> str:
    """The number as we write it; another one than before has to be confirmed anew. Raises Invalid(phone=…)."""
    number = phones.normal(typed, country)
    await _keep_phone(viewer, number, "phone_changed")
    return number


async def remove_phone(viewer: Viewer) -> None:
    await _keep_phone(viewer, "", "phone_removed")


async def send_phone_code(viewer: Viewer, network: str) -> None:
    """Raises Missing when there is nothing to confirm, Refused (429; 409 where texts cannot be sent)."""
    phone = await phone_of(viewer.id)
    if not phone.number or phone.confirmed or not phones.takes_texts(phone.number):
        raise Missing
    await throttle.phone_code_asked(viewer.id, phone.number, network)
    async with transaction():
        code = await phone_codes.issue(viewer.id, phone.number)
    said = _("%(code)s is your code for %(shop)s. Never pass it on.") % {"code": code, "shop": settings.name}
    # The last line binds the code to this site: browsers fill it in here and nowhere else (WICG, origin-bound one-time codes).
    await texts.send(phone.number, f"{said}\n\n@{urlsplit(settings.base_url).hostname} #{code}")


async def confirm_phone(viewer: Viewer, typed: str) -> None:
    """Raises Invalid(code=…), Refused (429)."""
    digits = re.sub(r"[\s-]", "", typed)
    if not re.fullmatch(r"[0-9]{6}", digits):
        raise Invalid(code=_("The code has six digits."))
    await throttle.phone_code_tried(viewer.id)
    phone = await phone_of(viewer.id)
    if not await phone_codes.spend(viewer.id, phone.number, digits):
        raise Invalid(code=_("That is not the code, or it is no longer good. Check it, or have another one sent."))
    async with transaction():
        if await db.execute(
            "UPDATE customers SET phone_confirmed_at = {}, revision = revision + 1 "
            "WHERE id = {} AND phone = {} AND phone_confirmed_at IS NULL RETURNING id", clock.now(), viewer.id, phone.number,
        ):  # fmt: skip
            await record("phone_confirmed", customer=viewer.id)


async def _write_to_new(email: str, token: str) -> None:
    """A link for who has no account; who has one is told so, in their own words, and that nothing has happened."""
    owner = await db.one("SELECT locale, time_zone, phrase FROM customers WHERE email = {}", email)
    if owner is None:
        link = f"{settings.base_url}/new-email/{token}"
        await letters.write(email, "email_change", i18n.voice(), email=email, link=link, url=settings.base_url)
    else:
        voice = Voice(i18n.supported(owner["locale"]) or i18n.voice().locale, owner["time_zone"])
        about = {"phrase": owner["phrase"], "url": f"{settings.base_url}/sign-in"}
        await letters.write(email, "email_taken", voice, email=email, **about)


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
    for table in ("sign_in_links", "password_links"):
        await db.execute(f"UPDATE {table} SET used_at = {{}} WHERE customer = {{}} AND used_at IS NULL", at, change.customer)  # noqa: S608


async def _keep_phone(viewer: Viewer, number: str, kind: str) -> None:
    async with transaction():
        changed = await db.execute(
            "UPDATE customers SET phone = {}, phone_confirmed_at = NULL, revision = revision + 1 "
            "WHERE id = {} AND phone <> {} RETURNING id", number, viewer.id, number,
        )  # fmt: skip
        if changed:
            await phone_codes.forget(viewer.id)
            await record(kind, customer=viewer.id)
