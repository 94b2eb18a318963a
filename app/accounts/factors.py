"""What a customer does with their factors: adds, names and takes away. Each is told by mail, and recorded.

Every verb raises Refused (409) when the session in which it was asked for has been ended meanwhile.
"""

from typing import Any

from app import db
from app.accounts import alarms, authenticators, customers, names, passkeys, recovery_codes, second_factors, sessions
from app.accounts.passkeys import Used
from app.accounts.viewer import Viewer
from app.db import transaction
from app.errors import Invalid, Missing, Refused
from app.events.actions import record
from app.i18n import _


async def add_passkey(viewer: Viewer, credential: str, name: str) -> list[str]:
    """Recovery codes to be shown this once, when it is the first factor of all. Raises Invalid(passkey=… or name=…)."""
    name = names.checked(name)
    if len(await passkeys.of(viewer.id)) >= passkeys.MOST:
        raise Refused(_("You have as many passkeys as we can keep. Remove one first."))
    made = await passkeys.verified(viewer.id, credential)
    async with transaction():
        await sessions.still_in(viewer)
        number = await passkeys.keep(viewer.id, made, name)
        return await _added(viewer, "passkey_added", number, name=name)


async def rename_passkey(viewer: Viewer, number: int, name: str) -> None:
    """Raises Missing for a stranger's, Invalid(name=…)."""
    name = names.checked(name)
    async with transaction():
        await sessions.still_in(viewer)
        if not await db.execute(
            "UPDATE passkeys SET name = {} WHERE id = {} AND customer = {} RETURNING id", name, number, viewer.id
        ):
            raise Missing
        await db.execute("UPDATE customers SET revision = revision + 1 WHERE id = {}", viewer.id)
        await record("passkey_renamed", customer=viewer.id, name=name)


async def remove_passkey(viewer: Viewer, number: int) -> None:
    """Raises Missing for a stranger's."""
    async with transaction():
        await sessions.still_in(viewer)
        gone = await db.execute("DELETE FROM passkeys WHERE id = {} AND customer = {} RETURNING name", number, viewer.id)
        if not gone:
            raise Missing
        await _removed(viewer.id, "passkey_removed", name=gone[0]["name"])


async def confirm_authenticator(viewer: Viewer, code: str) -> list[str]:
    """Recovery codes, as `add_passkey`. Raises Invalid(code=…)."""
    async with transaction():
        await sessions.still_in(viewer)
        if not await authenticators.confirm(viewer.id, viewer.session_id, code):
            raise Invalid(code=_("That is not the code that the app shows now. Is the phone's clock right?"))
        made = await db.one("SELECT id FROM authenticators WHERE customer = {}", viewer.id)
        return await _added(viewer, "authenticator_added", made["id"] if made else 0)


async def remove_authenticator(viewer: Viewer) -> None:
    """Raises Missing when there is none in use."""
    async with transaction():
        await sessions.still_in(viewer)
        if not await authenticators.remove(viewer.id):
            raise Missing
        await _removed(viewer.id, "authenticator_removed")


async def make_recovery_codes(viewer: Viewer) -> list[str]:
    """To be shown this once. Raises Missing while there is no factor that they could stand in for."""
    async with transaction():
        await sessions.still_in(viewer)
        if not (await second_factors.offered(viewer.id)).any:
            raise Missing
        codes = await recovery_codes.make(viewer.id)
        await record("recovery_codes_made", customer=viewer.id)
        await alarms.raise_alarm(viewer.id, "recovery_codes_made")
        return codes


async def cloned(passkey: Used) -> None:
    """One that is held by two authenticators is worth nothing any more; whose it is hears of it."""
    async with transaction():
        await customers.lock(passkey.customer)
        await record("passkey_cloned", customer=passkey.customer, name=passkey.name)
        await alarms.raise_alarm(passkey.customer, "passkey_cloned", passkey.id, name=passkey.name)


async def _added(viewer: Viewer, kind: alarms.Kind, number: int, **about: Any) -> list[str]:
    """To make one is to show it: who came here for want of a factor is not asked for it at once again."""
    customer = viewer.id
    await sessions.proved(viewer, factor=True)
    await second_factors.settle(customer)
    await record(kind, customer=customer, **about)
    await alarms.raise_alarm(customer, kind, number, **about)
    return [] if await recovery_codes.left(customer) else await recovery_codes.make(customer)


async def _removed(customer: int, kind: alarms.Kind, **about: Any) -> None:
    await second_factors.settle(customer)
    await record(kind, customer=customer, **about)
    await alarms.raise_alarm(customer, kind, **about)
