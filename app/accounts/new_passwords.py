"""A password of one's own: chosen, changed, removed. Whoever does it has just proved who they are (`guard.proved`), so the
old one is not asked for: the proof was that, or more."""

from typing import Any

from app import db
from app.accounts import alarms, password_links, password_strength, passwords, sessions, sign_ins, throttle
from app.accounts.password_strength import Strength
from app.accounts.viewer import Viewer
from app.db import transaction
from app.errors import Invalid
from app.events.actions import record
from app.i18n import _
from app.settings import settings


async def set_password(viewer: Viewer, new: str) -> None:
    """Signs the person out everywhere else. Raises Invalid(new_password=…), Refused (429; 409: signed out meanwhile)."""
    made = await made_good(viewer.id, new, viewer.email, viewer.name)
    async with transaction():
        await sessions.still_in(viewer)
        await replace(viewer.id, made, but=viewer.session_id)


async def remove_password(viewer: Viewer) -> None:
    """Back to codes by mail, with the same care. Nothing happens when there is none (any more). Raises Refused (409)."""
    async with transaction():
        await sessions.still_in(viewer)
        kept = await db.one("SELECT password_hash FROM customers WHERE id = {}", viewer.id)
        if kept and kept["password_hash"]:
            await replace(viewer.id, "", but=viewer.session_id)


async def strength(customer: int, typed: str, email: str, name: str) -> Strength:
    """What the meter shows. Raises Refused (429)."""
    await throttle.strength_asked(customer)
    return await password_strength.measured(typed, (name, email, settings.name))


async def made_good(customer: int, new: str, email: str, name: str) -> str:
    """The hash of a password that is good enough. Raises Invalid(new_password=…) with what to do about it, Refused (429)."""
    new = passwords.check_new(new, email)
    await throttle.password_chosen(customer)
    found = await password_strength.measured(new, (name, email, settings.name))
    if not found.good:
        reasons = [_("This password is too easy to guess."), found.warning, *found.advice]
        raise Invalid(new_password=" ".join(text for text in reasons if text))
    return await passwords.hashed(new)


async def replace(customer: int, made: str, *, but: int = 0, **about: Any) -> None:
    """In the transaction of a change, when the customer's row is locked: whatever the old password has opened is shut, but for
    the session in which the person is (`but`)."""
    kind: alarms.Kind = "password_set" if made else "password_removed"
    await db.execute("UPDATE customers SET password_hash = {}, revision = revision + 1 WHERE id = {}", made, customer)
    await sessions.end_all(customer, but=but)
    await sign_ins.end_all(customer)
    await password_links.end_all(customer)
    await record(kind, customer=customer, **about)
    await alarms.raise_alarm(customer, kind)


async def renew_hash(customer: int, kept: str, made: str) -> None:
    """The same password under today's parameters, unless another one was set meanwhile."""
    await db.execute("UPDATE customers SET password_hash = {} WHERE id = {} AND password_hash = {}", made, customer, kept)
