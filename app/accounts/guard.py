"""Who is asking: the two guards of the pages, and the `Viewer` that handlers find in `request.user`.

A signed-in request costs one query. Both guards set the words and the zone in which the request is answered.
"""

from datetime import timedelta
from typing import Any

from litestar.connection import ASGIConnection, Request
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler

from app import clock, db, i18n
from app.accounts import browsers, forms, proofs, sessions, throttle
from app.accounts.viewer import Viewer
from app.errors import Missing, ProofWanted
from app.events.actions import asked_from
from app.tokens import hash_token
from app.web import uploads

SEEN_EVERY = timedelta(hours=1)
RENEWED_BELOW = timedelta(days=60)  # left of a session's 90

SIGNED_IN = """
SELECT c.id, c.email, c.name, c.locale, c.time_zone, c.revision, c.order_years, c.order_merchants,
  c.password_hash <> '' AS has_password, c.second_factor, c.operator, s.id AS session_id, s.seen_at, s.expires_at,
  s.proved_at, s.factor_at, c.passkey_hint_until, c.unread, c.desks, c.unread_threads
FROM sessions s JOIN customers c ON c.id = s.customer
WHERE s.token_hash = {} AND s.expires_at > {} AND c.locked_at IS NULL
"""


async def signed_in(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Guard: raises NotAuthorizedException when nobody is."""
    await visitor(connection, handler)
    if connection.scope["user"] is None:
        raise NotAuthorizedException


async def proved(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Guard of what changes who gets in: raises ProofWanted when the last proof is older than a quarter of an hour."""
    await signed_in(connection, handler)
    if not connection.scope["user"].proved:
        raise await proof_wanted(connection)


async def proof_wanted(connection: ASGIConnection[Any, Any, Any, Any], *, factor: bool = False) -> ProofWanted:
    """What was sent is kept in the form that asks, its files under a name in it: it goes on from there. `factor`: only a second
    factor will do.

    Raises Refused (400) for a form that cannot be read.
    """
    then, fields = "", []
    if connection.scope["method"] == "POST":  # type: ignore[typeddict-item]
        then = connection.scope["path"]
        sent = Request[Any, Any, Any](connection.scope, connection.receive)
        fields = [*await uploads.waiting(sent, connection.scope["user"].id), *await forms.sent(sent)]
    asked = await proofs.asked(connection.scope["user"], then=then, fields=fields, factor=factor)
    return ProofWanted(asked, factor=factor)


async def visitor(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard of the pages for anybody: `request.user` is None when nobody is signed in.

    Where a session was ended from elsewhere, the scope says `ended_elsewhere`, and the answer tells the browser to forget
    (`web/security.py`).

    Raises Missing for a number or a text in the address that no row can have: the engines could not even be asked for it.
    """
    network = throttle.network(connection.client.host if connection.client else "")
    asked_from.set({"network": network, "browser": connection.headers.get("user-agent", "")[: browsers.LONGEST]})
    token = connection.cookies.get(sessions.cookie_name(), "")
    viewer = await _viewer(token, network)
    connection.scope["user"] = viewer
    if viewer is None and token and await sessions.ended_elsewhere(token):
        connection.scope["ended_elsewhere"] = True  # type: ignore[typeddict-unknown-key]
    i18n.current.set(i18n.Voice(_locale(connection, viewer), viewer.time_zone if viewer else ""))
    if any(_impossible(part) for part in connection.path_params.values()):
        raise Missing


def _impossible(part: Any) -> bool:
    return not 0 < part <= db.MOST_ID if isinstance(part, int) else "\0" in str(part)


async def _viewer(token: str, network: str) -> Viewer | None:
    if not token:
        return None
    at = clock.now()
    found = await db.one(SIGNED_IN, hash_token(token), at)
    if found is None:
        return None
    if at - found["seen_at"] >= SEEN_EVERY:
        await _seen(found, at, network)
    return Viewer(
        found["id"], found["email"], found["name"], found["locale"], found["time_zone"], found["revision"],
        found["order_years"], found["order_merchants"], bool(found["has_password"]), found["session_id"],
        bool(found["second_factor"]), bool(found["operator"]), found["proved_at"], found["factor_at"],
        found["passkey_hint_until"], found["unread"], found["desks"], found["unread_threads"],
    )  # fmt: skip


async def _seen(session: db.Row, at: Any, network: str) -> None:
    """When and where; not at every request: reading must not write."""
    until = session["expires_at"]
    if until - at < RENEWED_BELOW:
        until = at + sessions.LIFETIME
    await db.execute(
        "UPDATE sessions SET seen_at = {}, expires_at = {}, network = {} WHERE id = {}",
        at, until, network[:64], session["session_id"],
    )  # fmt: skip


def _locale(connection: ASGIConnection[Any, Any, Any, Any], viewer: Viewer | None) -> str:
    """The account's, else the browser's."""
    own = i18n.supported(viewer.locale) if viewer and viewer.locale else ""
    cookie = connection.cookies.get(i18n.LOCALE_COOKIE, "")
    return own or i18n.chosen(cookie, connection.headers.get("accept-language", ""))
