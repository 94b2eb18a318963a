"""A customer's telephone: changed after a fresh proof of who they are, confirmed by a code in a text message."""

import logging
from urllib.parse import urlsplit

from msgspec import Struct

from app import clock, db
from app.accounts import one_time_codes, phone_codes, phones, sessions, throttle
from app.accounts.viewer import Viewer
from app.db import transaction
from app.errors import Invalid, Missing, Refused
from app.events.actions import record
from app.i18n import _
from app.mail import texts
from app.settings import settings

log = logging.getLogger(__name__)


class Phone(Struct, frozen=True):
    """`number` is E.164, empty when there is none."""

    number: str
    confirmed: bool


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
    """Raises Missing when there is nothing to confirm, Refused (429; 409 where texts cannot be sent, or this one was not)."""
    phone = await phone_of(viewer.id)
    if not phone.number or phone.confirmed or not phones.takes_texts(phone.number):
        raise Missing
    await throttle.phone_code_asked(viewer.id, phone.number, network)
    async with transaction():
        code = await phone_codes.issue(viewer.id, phone.number)
    said = _("%(code)s is your code for %(shop)s. Never pass it on.") % {"code": code, "shop": settings.name}
    # The last line binds the code to this site: browsers fill it in here and nowhere else (WICG, origin-bound one-time codes).
    try:
        await texts.send(phone.number, f"{said}\n\n@{urlsplit(settings.base_url).hostname} #{code}")
    except texts.NotTaken as error:
        log.error("a text message could not be sent: %s", error)
        raise Refused(_("The text could not be sent. Try again in a moment.")) from error


async def confirm_phone(viewer: Viewer, typed: str) -> None:
    """Raises Invalid(code=…), Refused (429)."""
    digits = one_time_codes.digits(typed)
    if not digits:
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


async def _keep_phone(viewer: Viewer, number: str, kind: str) -> None:
    async with transaction():
        await sessions.still_in(viewer)
        changed = await db.execute(
            "UPDATE customers SET phone = {}, phone_confirmed_at = NULL, revision = revision + 1 "
            "WHERE id = {} AND phone <> {} RETURNING id", number, viewer.id, number,
        )  # fmt: skip
        if changed:
            await phone_codes.forget(viewer.id)
            await record(kind, customer=viewer.id)
