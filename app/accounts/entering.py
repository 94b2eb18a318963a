"""The last step of every way in: half way, where a second factor is asked for, else a session.

Who comes in on a browser that they were never seen on is told so by mail, at once.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from app import db
from app.accounts import alarms, customers, devices, locking, passkey_hints, sessions, sign_ins, zones
from app.accounts.sessions import Browser
from app.db import transaction
from app.events.actions import record


class Entered(Struct, frozen=True):
    """`token` is a session's and `device` the browser's new one; or it is of half a sign-in, to which the second factor is
    still to be shown. `others`: whether somebody else was signed in on that browser before."""

    token: str
    half: bool
    device: str = ""
    others: bool = False


class Shown(Struct, frozen=True):
    """What was shown: the first factor (`way`: code, password, link, mailed_link, passkey) and the second, empty where
    none was asked for.

    `trust`: the person wants this browser to be trusted from now on.
    """

    way: str
    factor: str = ""
    trust: bool = False


async def let_in(customer: db.Row, browser: Browser, way: str) -> Entered:
    """After the first factor, which was compared with this row of `customers.AT_THE_DOOR`.

    Raises Refused: 403 when the operator has locked the account; 409 when another password was set, a second factor added
    or the account locked while the first factor was looked at.
    """
    if locking.by_operator(customer):
        await failed(customer, browser, way)
        raise locking.refusal()
    async with transaction():
        await customers.still_as(customer)
        known = await devices.known(customer["id"], browser.device)
        if customer["second_factor"] and not (known and known["trusted"]):
            return Entered(await sign_ins.begin(customer["id"], way, browser.zone), half=True)
        return await enter(customer["id"], browser, Shown(way))


async def enter(customer: int, browser: Browser, shown: Shown) -> Entered:
    """A new session. A mailed code or link (with the second factor, where there is one) unlocks what the owner has locked.

    Raises Refused (403) when the operator has.
    """
    async with transaction():
        await locking.come_in(customer)
        await remember_zone(customer, browser.zone)
        before = await devices.known(customer, browser.device)
        others = await devices.others(customer, browser.device)
        first = not await db.rows("SELECT id FROM devices WHERE customer = {} LIMIT 1", customer)
        fresh = await devices.renew(browser.device)
        device = await devices.remember(customer, fresh, browser.user_agent, trusted=shown.trust)
        token = await sessions.start(customer, browser, device=device, way=shown.way, factor=bool(shown.factor))
        await passkey_hints.came_in(customer)
        more: dict[str, Any] = {"factor": shown.factor} if shown.factor else {}
        more |= {"first": True} if first else {}  # of all their browsers: no reason to be alarmed
        await record("signed_in", customer=customer, by=shown.way, new_device=before is None, **browser.about, **more)
        if shown.factor == "recovery_code":
            await alarms.raise_alarm(customer, "recovery_code_used", user_agent=browser.user_agent or "?")
        if before is None and not first:
            await alarms.raise_alarm(customer, "new_device", device, user_agent=browser.user_agent or "?")
        return Entered(token, half=False, device=fresh, others=others)


async def remember_zone(customer: int, zone: str) -> None:
    """What the browser says at sign-in, when nothing is known yet; a zone that does not exist is not heard."""
    if zone in zones.known():
        await db.execute(
            "UPDATE customers SET time_zone = {}, revision = revision + 1 WHERE id = {} AND time_zone = ''", zone, customer
        )


async def failed(customer: Mapping[str, Any] | None, browser: Browser, way: str) -> None:
    """The same for an address without an account: it must not answer sooner."""
    whose = customer["id"] if customer else None
    await record("sign_in_failed", customer=whose, by=way, **browser.about)


async def factor_failed(customer: int, browser: Browser, kind: str) -> None:
    """By somebody who had the first factor right: the owner should hear of it otherwise than of a guess at the door."""
    await record("second_factor_failed", customer=customer, by=kind, **browser.about)
