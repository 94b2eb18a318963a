"""Who is asking: the two guards of the pages, and the `Viewer` that handlers find in `request.user`.

A signed-in request costs one query. Both guards set the words and the zone in which the request is answered.
"""

from datetime import timedelta
from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from msgspec import Struct

from app import clock, db, i18n
from app.accounts import sessions
from app.tokens import hash_secret, hash_token

SEEN_EVERY = timedelta(hours=1)
RENEWED_BELOW = timedelta(days=60)  # left of a session's 90

SIGNED_IN = """
SELECT c.id, c.email, c.name, c.locale, c.time_zone, c.revision, c.order_years, c.order_merchants,
  c.password_hash <> '' AS has_password, s.id AS session_id, s.seen_at, s.expires_at
FROM sessions s JOIN customers c ON c.id = s.customer
WHERE s.token_hash = {} AND s.expires_at > {}
"""


class Viewer(Struct, frozen=True):
    """The customer who is signed in, as of this request. `order_years` and `order_merchants` are lists of words."""

    id: int
    email: str
    name: str
    locale: str
    time_zone: str
    revision: int
    order_years: str
    order_merchants: str
    has_password: bool
    session_id: int

    @property
    def initials(self) -> str:
        words = self.name.split() or [self.email]
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    @property
    def public_id(self) -> str:
        """Tells people apart in a browser (whose pages may be shown?) without giving the id away."""
        return hash_secret(str(self.id), "viewer")[:16]


async def signed_in(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Guard: raises NotAuthorizedException when nobody is."""
    await visitor(connection, handler)
    if connection.scope["user"] is None:
        raise NotAuthorizedException


async def visitor(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard of the pages for anybody: `request.user` is None when nobody is signed in."""
    viewer = await _viewer(connection.cookies.get(sessions.cookie_name(), ""))
    connection.scope["user"] = viewer
    i18n.current.set(i18n.Voice(_locale(connection, viewer), viewer.time_zone if viewer else ""))


async def _viewer(token: str) -> Viewer | None:
    if not token:
        return None
    at = clock.now()
    found = await db.one(SIGNED_IN, hash_token(token), at)
    if found is None:
        return None
    if at - found["seen_at"] >= SEEN_EVERY:
        await _seen(found, at)
    return Viewer(
        found["id"], found["email"], found["name"], found["locale"], found["time_zone"], found["revision"],
        found["order_years"], found["order_merchants"], bool(found["has_password"]), found["session_id"],
    )  # fmt: skip


async def _seen(session: db.Row, at: Any) -> None:
    """Not at every request: reading must not write."""
    until = session["expires_at"]
    if until - at < RENEWED_BELOW:
        until = at + sessions.LIFETIME
    await db.execute("UPDATE sessions SET seen_at = {}, expires_at = {} WHERE id = {}", at, until, session["session_id"])


def _locale(connection: ASGIConnection[Any, Any, Any, Any], viewer: Viewer | None) -> str:
    """The account's, else the browser's."""
    own = i18n.supported(viewer.locale) if viewer and viewer.locale else ""
    cookie = connection.cookies.get(i18n.LOCALE_COOKIE, "")
    return own or i18n.chosen(cookie, connection.headers.get("accept-language", ""))
