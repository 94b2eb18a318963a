"""Who is signed in where: a random token in the browser's cookie, only its hash with us, a new one at every sign-in."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from msgspec import Struct

from app import clock, db
from app.accounts import customers
from app.accounts.viewer import Viewer
from app.errors import Refused
from app.i18n import _
from app.settings import settings
from app.tokens import hash_token, new_token

LIFETIME = timedelta(days=90)  # without a visit; every visit in the last third of it begins it anew
COOKIE_LIFETIME = 400 * 86_400  # seconds; browsers keep no cookie longer. What counts is `expires_at`.

# A key that was shown in a session that ends: the next one may get the same id (SQLite), and must not be shown it.
FORGET_WAITING = "DELETE FROM authenticators WHERE customer = {} AND NOT confirmed"


class Browser(Struct, frozen=True, kw_only=True):
    """Who stands at the door: `network` as `throttle.network` writes it, `token` of a session they may still hold, `device`
    the browser's own token (see `devices.py`), empty when it was never here."""

    network: str
    user_agent: str = ""
    token: str = ""
    zone: str = ""
    device: str = ""

    @property
    def about(self) -> dict[str, Any]:
        """What events say of it."""
        return {"network": self.network, "browser": self.user_agent}


def cookie_name() -> str:
    """`__Host-` binds the cookie to this very host, to https and to `/` (RFC 6265bis, 4.1.3.2)."""
    return "__Host-session" if settings.secure else "session"


async def start(customer: int, browser: Browser, *, device: int, way: str, factor: bool) -> str:
    """A new session's token. Whoever has just come in has just proved who they are, with a second `factor` or without.

    What the browser held before ends, so that a token planted there is worth nothing.
    """
    token, at = new_token(), clock.now()
    held = hash_token(browser.token)
    await db.execute("DELETE FROM sessions WHERE token_hash = {}", held)
    await db.execute("DELETE FROM sessions WHERE customer = {} AND expires_at <= {}", customer, at)
    row = {
        "customer": customer, "token_hash": hash_token(token), "user_agent": browser.user_agent,
        "created_at": at, "seen_at": at, "expires_at": at + LIFETIME, "device": device, "way": way,
        "network": browser.network[:64], "proved_at": at, "factor_at": at if factor else None,
    }  # fmt: skip
    await db.insert("sessions", [row])
    return token


async def number(token: str) -> int:
    """The id of a session that was just made."""
    found = await db.one("SELECT id FROM sessions WHERE token_hash = {}", hash_token(token))
    return found["id"] if found else 0


async def proved(viewer: Viewer, *, factor: bool) -> None:
    """Shown anew just now who it is, with a second `factor` or without."""
    at = clock.now()
    await db.execute(
        f"UPDATE sessions SET proved_at = {{}}{', factor_at = {}' if factor else ''} WHERE id = {{}} AND customer = {{}}",  # noqa: S608
        *([at, at] if factor else [at]), viewer.session_id, viewer.id,
    )  # fmt: skip


async def still_in(viewer: Viewer) -> None:
    """First in the transaction of a change of who gets in: locks the customer's row; raises Refused (409) when this session
    has been ended meanwhile. Of two changes at once, who was put out must not have the last word."""
    await customers.lock(viewer.id)
    if not await db.rows("SELECT id FROM sessions WHERE id = {} AND customer = {}", viewer.session_id, viewer.id):
        raise Refused(_("You were signed out meanwhile. Sign in and try again."))


async def end(session: int, *, customer: int, elsewhere: bool = False) -> bool:
    """Named with its owner: of two sign-outs at once, the later must not end a session that got the same id since.
    `elsewhere`: asked for on another browser, or by nobody there; who signs out hears it in the answer.

    Whether it was this call that ended it."""
    await db.execute(FORGET_WAITING, customer)
    gone = await db.execute("DELETE FROM sessions WHERE id = {} AND customer = {} RETURNING token_hash", session, customer)
    if elsewhere:
        await _to_be_told(gone)
    return bool(gone)


async def end_all(customer: int, *, but: int = 0) -> bool:
    """`but` is the session to be left alone: the one in which the person asked for it. Whether there was another."""
    await db.execute(FORGET_WAITING, customer)
    gone = await db.execute("DELETE FROM sessions WHERE customer = {} AND id <> {} RETURNING token_hash", customer, but)
    await _to_be_told(gone)
    return bool(gone)


async def ended_elsewhere(token: str) -> bool:
    """Whether that token was a session's that did not just run out: its browser is to forget what it keeps."""
    return bool(await db.rows("SELECT id FROM ended_sessions WHERE token_hash = {}", hash_token(token)))


async def _to_be_told(gone: Sequence[db.Row]) -> None:
    at = clock.now()
    await db.insert("ended_sessions", [{"token_hash": row["token_hash"], "ended_at": at} for row in gone])
