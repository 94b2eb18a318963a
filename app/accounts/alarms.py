"""Mails about what a customer should know at once, each with a way to say “this wasn't me”.

That way is a signed address, good for a week, which holds what it would take back. Whoever has the mailbox may use it: it
opens nothing. It ends every session, takes back the change it was sent for, stops what is still to come, removes the password
and locks the account until somebody comes in with a mailed code or link (and the second factor that is left). Who had the
mailbox of an account only between a change of its address and the day that this was taken back has nothing to say any more.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from msgspec import Struct

from app import clock, db
from app.accounts import (
    browsers,
    customers,
    devices,
    email_changes,
    locking,
    password_links,
    recovery_codes,
    second_factors,
    sessions,
    sign_ins,
)
from app.db import transaction
from app.errors import Missing
from app.events.actions import record
from app.mail import letters
from app.settings import settings
from app.tokens import sign, unsign

Kind = Literal[
    "new_device", "passkey_added", "passkey_removed", "passkey_cloned", "authenticator_added", "authenticator_removed",
    "recovery_codes_made", "recovery_code_used", "password_set", "password_removed", "email_change_asked", "email_changed",
    "factor_reset_asked", "factors_reset",
]  # fmt: skip
GOOD_FOR = timedelta(days=7)
PURPOSE = "not me"


class Alarm(Struct, frozen=True, array_like=True):
    """`what` is the id of the row that the change has made, 0 where there is none to take back."""

    customer: int
    kind: Kind
    what: int
    at: int  # Unix seconds


async def raise_alarm(customer: int, kind: Kind, what: int = 0, *, to: str = "", user_agent: str = "", **about: Any) -> None:
    """In the transaction of the change. `to` is another address than the account's: the one it had before."""
    person = await db.one("SELECT email, locale, time_zone, phrase FROM customers WHERE id = {}", customer)
    if person is None:
        return
    at = clock.now()
    alarm = Alarm(customer, kind, what, int(at.timestamp()))
    voice = customers.voice_of(person)
    more = {"name": "", "browser": browsers.named(user_agent, voice) if user_agent else "", "due": "", **about}
    if isinstance(more["due"], datetime):
        more["due"] = voice.moment(more["due"])
    address = f"{settings.base_url}/not-me/{_token(alarm)}"
    said = {"about": kind, "when": voice.moment(at), "not_me": address, "url": f"{settings.base_url}/account/security"}
    await letters.write(to or person["email"], "alarm", voice, phrase=person["phrase"], **said, **more)


def read(token: str) -> Alarm:
    """Raises Missing for what is not ours or too old."""
    signature, _dot, text = token.partition(".")
    try:
        plain = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        alarm = msgspec.json.decode(unsign(f"{signature}.{plain}", PURPOSE) or "", type=Alarm)
    except ValueError as error:
        raise Missing from error
    if clock.now().timestamp() - alarm.at > GOOD_FOR.total_seconds():
        raise Missing
    return alarm


async def not_me(token: str) -> bool:
    """Said twice, it is done once more; but not again when its owner has come in since: whoever has seen one mail must not
    keep them out for a week. Raises Missing.

    False when the address that was to be given back belongs to another account: nobody gets in, the operator has to help.
    """
    alarm = read(token)
    async with transaction():
        stopped = await stop_resets(alarm.customer)
        await customers.lock(alarm.customer)
        if await _is_over(alarm):
            raise Missing
        await sessions.end_all(alarm.customer)
        await password_links.end_all(alarm.customer)
        await sign_ins.end_all(alarm.customer)
        await devices.distrust_all(alarm.customer)
        await email_changes.drop(alarm.customer)
        restored = await _take_back(alarm)
        await second_factors.settle(alarm.customer)
        await db.execute(
            "UPDATE customers SET locked_at = {}, locked_by = CASE WHEN locked_by = {} THEN locked_by ELSE {} END, "
            "password_hash = '', revision = revision + 1 WHERE id = {}",
            clock.now(), locking.OPERATOR, locking.OWNER, alarm.customer,
        )  # fmt: skip
        if stopped:
            await record("factor_reset_stopped", customer=alarm.customer, by="not_me")
        await record("account_locked", customer=alarm.customer, by="not_me", about=alarm.kind, alarm=name_of(alarm))
    return restored


def name_of(alarm: Alarm) -> str:
    return f"{alarm.kind} {alarm.what} {alarm.at}"


async def _is_over(alarm: Alarm) -> bool:
    """Sent to a mailbox that the account has left since, or used already; only the change of address itself can be taken
    back from the mailbox that was left."""
    change = alarm.what if alarm.kind == "email_changed" else 0
    if await email_changes.overruled(alarm.customer, alarm.at, change):
        return True
    if not change and await email_changes.moved_since(alarm.customer, alarm.at):
        return True
    return await locking.is_over(alarm.customer, name_of(alarm))


async def stop_resets(customer: int) -> bool:
    """Whether factors were to be taken away (see `factor_resets.py`). First of all in its transaction, as who carries a reset
    out takes its row first: no dead lock."""
    stopped = await db.execute(
        "UPDATE factor_resets SET stopped_at = {} WHERE customer = {} AND done_at IS NULL AND stopped_at IS NULL RETURNING id",
        clock.now(), customer,
    )  # fmt: skip
    return bool(stopped)


async def _take_back(alarm: Alarm) -> bool:
    """False only for an address that cannot be given back."""
    match alarm.kind:
        case "passkey_added":
            await db.execute("DELETE FROM passkeys WHERE id = {} AND customer = {}", alarm.what, alarm.customer)
        case "authenticator_added":
            await db.execute("DELETE FROM authenticators WHERE id = {} AND customer = {}", alarm.what, alarm.customer)
        case "recovery_codes_made":
            await recovery_codes.remove(alarm.customer)
        case "new_device":
            await db.execute("DELETE FROM devices WHERE id = {} AND customer = {}", alarm.what, alarm.customer)
        case "email_changed":
            return await _give_address_back(alarm)
    return True


async def _give_address_back(alarm: Alarm) -> bool:
    """The address that the account leaves is told, and that is all it is told: there is nothing to press in that mail."""
    left = await email_changes.take_back(alarm.customer, alarm.what)
    person = await db.one("SELECT email, locale, time_zone FROM customers WHERE id = {}", alarm.customer)
    if person is None:
        return True
    if left not in ("", person["email"]) and not left.endswith(email_changes.NOWHERE):
        await letters.write(left, "email_undone", customers.voice_of(person), url=settings.base_url)
    return not person["email"].endswith(email_changes.NOWHERE)


def _token(alarm: Alarm) -> str:
    plain = msgspec.json.encode(alarm).decode()
    signature = sign(plain, PURPOSE).partition(".")[0]
    return f"{signature}.{urlsafe_b64encode(plain.encode()).decode().rstrip('=')}"
