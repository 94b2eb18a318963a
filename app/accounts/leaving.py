"""How sessions end: here, on another browser, everywhere else; and how a browser ceases to be trusted.

What ends is over at the very next request in every process: sessions are rows that each request asks for. None of it wants
a fresh proof. It lets nobody in; an owner who is frightened must not be stopped, perhaps on the only browser that is left and
with the phone stolen that holds the factor; and a thief who ends the owner's sessions gains nothing that a new sign-in does
not undo (GitHub and Google ask for none either).
"""

from datetime import datetime

from app import db
from app.accounts import customers, devices, sessions, sign_ins
from app.accounts.viewer import Viewer
from app.db import transaction
from app.errors import Missing
from app.events.actions import data_of, record

LATELY = 20  # sessions

ENDED = """
SELECT data FROM events WHERE customer = {} AND "order" IS NULL AND kind = 'session_ended' ORDER BY id DESC LIMIT {}
"""


async def sign_out(viewer: Viewer) -> None:
    async with transaction():
        await customers.lock(viewer.id)
        if await sessions.end(viewer.session_id, customer=viewer.id):
            await record("signed_out", customer=viewer.id)


async def forget_device(viewer: Viewer | None, token: str) -> None:
    """Who is signed in is signed out; the second factor is asked for again of all who trust the browser with that token."""
    async with transaction():
        here = await devices.trusting(token)
        for customer in sorted({row["customer"] for row in here} | ({viewer.id} if viewer else set())):
            await customers.lock(customer)
        for row in here:
            if await devices.distrust(row["customer"], row["id"]):
                await record("device_distrusted", customer=row["customer"], ended=row["user_agent"])
        if viewer:
            await sign_out(viewer)


async def end_session(viewer: Viewer, number: int, since: datetime | None = None) -> None:
    """One's own, by its number, and the trust in its browser with it. Ended already by a first click, it is no error.

    `since` is when it began, as the page showed it: SQLite gives the number of a row that is gone to a new one.
    Raises Missing for a stranger's.
    """
    async with transaction():
        await customers.lock(viewer.id)
        found = await db.one(
            "SELECT user_agent, device, created_at FROM sessions WHERE id = {} AND customer = {}", number, viewer.id
        )
        if found is None or since not in (None, found["created_at"]):
            if await _ended_before(viewer.id, number):
                return
            raise Missing
        if await sessions.end(number, customer=viewer.id, elsewhere=True):
            await devices.distrust(viewer.id, found["device"] or 0)
            await record("session_ended", customer=viewer.id, session=number, ended=found["user_agent"])


async def end_other_sessions(viewer: Viewer) -> None:
    """Also whoever is half way in, and the trust in every other browser, signed in or not."""
    async with transaction():
        await customers.lock(viewer.id)
        ended = await sessions.end_all(viewer.id, but=viewer.session_id)
        await sign_ins.end_all(viewer.id)
        if await devices.distrust_all(viewer.id, but=await _own_device(viewer)) or ended:
            await record("sessions_ended", customer=viewer.id)


async def distrust(viewer: Viewer, device: int) -> None:
    """The second factor is asked for there again; a session there stays. Raises Missing for a stranger's."""
    async with transaction():
        await customers.lock(viewer.id)
        found = await db.one("SELECT user_agent FROM devices WHERE id = {} AND customer = {}", device, viewer.id)
        if found is None:
            raise Missing
        if await devices.distrust(viewer.id, device):
            await record("device_distrusted", customer=viewer.id, ended=found["user_agent"])


async def distrust_all(viewer: Viewer) -> None:
    async with transaction():
        await customers.lock(viewer.id)
        if await devices.distrust_all(viewer.id):
            await record("devices_distrusted", customer=viewer.id)


async def _own_device(viewer: Viewer) -> int:
    found = await db.one("SELECT device FROM sessions WHERE id = {} AND customer = {}", viewer.session_id, viewer.id)
    return (found["device"] if found else 0) or 0


async def _ended_before(customer: int, number: int) -> bool:
    """Whether they have lately ended a session of that number themselves."""
    lately = await db.rows(ENDED, customer, LATELY)
    return any(data_of(one["data"]).get("session") == number for one in lately)
