"""How a customer gets in and out, and what they can change about themselves.

The three ways in answer alike, and do the same work, whether there is an account or not.
"""

import re
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from msgspec import Struct

from app import db, i18n
from app.accounts import email_address, one_time_codes, passwords, sessions, sign_in_links, throttle
from app.accounts.guard import Viewer
from app.accounts.sessions import Browser
from app.db import transaction
from app.errors import Invalid, Missing
from app.events.actions import record
from app.i18n import Voice, _
from app.settings import settings


class CodeSent(Struct, frozen=True):
    """`code_id` stays with the browser that asked; the rest is the mail to be sent, after the answer has gone out."""

    email: str
    code_id: int
    kind: str
    voice: Voice
    context: dict[str, Any]


async def send_code(email: str, network: str) -> CodeSent:
    """An address without an account gets a mail as well: it says so. Raises Invalid, Refused (429)."""
    email = email_address.normal(email)
    await throttle.code_asked(email, network)
    customer = await _customer(email)
    code_id, code = await one_time_codes.issue(email)
    minutes = one_time_codes.LIFETIME.seconds // 60
    context = {"email": email, "code": code, "minutes": minutes, "url": f"{settings.base_url}/sign-in"}
    if customer is None:
        return CodeSent(email, code_id, "no_account", i18n.voice(), context)
    return CodeSent(email, code_id, "sign_in_code", _voice_of(customer), context)


async def sign_in_with_code(email: str, code: str, code_id: int, browser: Browser) -> str:
    """A new session's token. Raises Invalid(code=…) for whatever is wrong, Refused (429)."""
    digits = re.sub(r"[\s-]", "", code)
    if not re.fullmatch(r"[0-9]{6}", digits):
        raise Invalid(code=_("The code has six digits."))
    await throttle.code_tried(browser.network)
    right = await one_time_codes.spend(email, digits, code_id)
    customer = await _customer(email)
    if not right or customer is None:
        raise Invalid(code=_("That is not the code, or it is no longer good. Check it, or have another one sent."))
    return await _let_in(customer["id"], browser, by="code")


async def sign_in_with_password(email: str, password: str, browser: Browser) -> str:
    """A new session's token. Raises Invalid(email=… or password=…), Refused (429)."""
    email = email_address.normal(email)
    await throttle.password_tried(email, browser.network)
    customer = await _customer(email)
    kept = customer["password_hash"] if customer else ""
    if not await passwords.matches(kept, password) or customer is None:
        raise Invalid(password=_("E-mail address and password do not belong together."))
    if passwords.outdated(kept):
        await _keep_password(customer["id"], await passwords.hashed(password))
    return await _let_in(customer["id"], browser, by="password")


async def sign_in_with_link(token: str, browser: Browser) -> str:
    """A new session's token. Raises Missing when the link was used, is too old or is not ours."""
    async with transaction():
        customer = await sign_in_links.spend(token)
        if customer is None:
            raise Missing
        return await _let_in(customer, browser, by="link")


async def make_link(email: str) -> str:
    """For the shell: the address that lets this customer in, once. Raises Missing when there is no such account."""
    customer = await _customer(email_address.normal(email))
    if customer is None:
        raise Missing
    return f"{settings.base_url}/sign-in/link/{await sign_in_links.make(customer['id'])}"


async def sign_out(viewer: Viewer) -> None:
    await sessions.end(viewer.session_id, customer=viewer.id)


async def set_password(viewer: Viewer, *, new: str, current: str) -> None:
    """Signs the person out everywhere else. Raises Invalid(new_password=… or current_password=…), Refused (429)."""
    new = passwords.check_new(new, viewer.email)
    customer = await _customer(viewer.email)
    kept = customer["password_hash"] if customer else ""
    if kept:
        await throttle.own_password_tried(viewer.email)
        if not await passwords.matches(kept, current):
            raise Invalid(current_password=_("This is not your current password."))
    made = await passwords.hashed(new)
    async with transaction():
        await _keep_password(viewer.id, made)
        await sessions.end_all(viewer.id, but=viewer.session_id)
        await record("password_set", customer=viewer.id)


async def change_profile(viewer: Viewer, *, name: str, locale: str, zone: str = "") -> None:
    """`zone` counts when it is one: it is where the person is right now. Raises Invalid(name=… or locale=…)."""
    name = " ".join(name.split())
    if not name or len(name) > 200 or not name.isprintable():
        raise Invalid(name=_("A name of 1 to 200 characters, please."))
    _check_locale(locale)
    await db.execute(
        "UPDATE customers SET name = {}, locale = {}, time_zone = {}, revision = revision + 1 WHERE id = {}",
        name, locale, zone if zone in zones() else viewer.time_zone, viewer.id,
    )  # fmt: skip


async def change_locale(viewer: Viewer, locale: str) -> None:
    """Raises Invalid(locale=…) for a language we do not speak."""
    _check_locale(locale)
    await db.execute("UPDATE customers SET locale = {}, revision = revision + 1 WHERE id = {}", locale, viewer.id)


async def remember_zone(customer: int, zone: str) -> None:
    """What the browser says at sign-in, when nothing is known yet; a zone that does not exist is not heard."""
    if zone in zones():
        await db.execute(
            "UPDATE customers SET time_zone = {}, revision = revision + 1 WHERE id = {} AND time_zone = ''", zone, customer
        )


@cache
def zones() -> set[str]:
    return available_timezones()


async def _let_in(customer: int, browser: Browser, *, by: str) -> str:
    async with transaction():
        await remember_zone(customer, browser.zone)
        await record("signed_in", customer=customer, by=by)
        return await sessions.start(customer, browser)


async def _customer(email: str) -> db.Row | None:
    return await db.one("SELECT id, locale, time_zone, password_hash FROM customers WHERE email = {}", email)


async def _keep_password(customer: int, made: str) -> None:
    await db.execute("UPDATE customers SET password_hash = {}, revision = revision + 1 WHERE id = {}", made, customer)


def _voice_of(customer: db.Row) -> Voice:
    """The account's language, else the one the request was made in."""
    return Voice(i18n.supported(customer["locale"]) or i18n.voice().locale, customer["time_zone"])


def _check_locale(locale: str) -> None:
    if locale not in settings.locales:
        raise Invalid(locale=_("We do not speak that language yet."))
