"""Who is asking, for a merchant's desk: a member of the merchant in the address, with a second factor shown not long ago.

A mailed code or a trusted browser alone never opens a desk. It stays open for eight hours after the factor, and no longer
than half an hour after it was last used (OWASP ASVS 5.0, 7.3: a limit of its own and one without activity).
"""

from datetime import datetime, timedelta
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from msgspec import Struct

from app import clock, db
from app.accounts import guard, second_factors
from app.accounts.viewer import Viewer
from app.errors import FactorMissing, Missing
from app.merchants import roles

LONGEST = timedelta(hours=8)
IDLE = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=5)  # so that reading hardly ever writes; half an hour may be five minutes less

MEMBER = """
SELECT mb.id AS member, mb.role, mb.seen_at, m.id AS merchant, m.slug, m.name, s.desk_seen_at
FROM members mb JOIN merchants m ON m.id = mb.merchant JOIN sessions s ON s.customer = mb.customer
WHERE mb.customer = {} AND m.slug = {} AND s.id = {}
"""
Asking = ASGIConnection[Any, Any, Any, Any]


class Desk(Struct, frozen=True):
    """Whose desk it is, and as what the person works there; handlers find it in `request.auth`. `merchant` and `member` are
    row ids."""

    merchant: int
    slug: str
    name: str
    role: str
    member: int

    @property
    def url(self) -> str:
        return f"/desk/{self.slug}"

    @property
    def owner(self) -> bool:
        return self.role == "owner"

    @property
    def manager(self) -> bool:
        """Owners are, too."""
        return roles.enough(self.role, "manager")


async def at_desk(connection: Asking, handler: BaseRouteHandler) -> None:
    """Guard: raises NotAuthorizedException, Missing for who does not work there, ProofWanted and FactorMissing."""
    await _let_in(connection, handler)


async def manager_at_desk(connection: Asking, handler: BaseRouteHandler) -> None:
    """Guard of what costs customers or the merchant something: for managers and owners. Raises Refused (403) too."""
    await _let_in(connection, handler, least="manager")


async def owner_at_desk(connection: Asking, handler: BaseRouteHandler) -> None:
    """Guard of what changes who gets in: for owners, with a factor of the last quarter of an hour. Raises Refused (403) too."""
    await _let_in(connection, handler, least="owner", changes=True)


async def _let_in(connection: Asking, handler: BaseRouteHandler, *, least: str = "agent", changes: bool = False) -> None:
    await guard.signed_in(connection, handler)
    viewer: Viewer = connection.scope["user"]
    found = await db.one(MEMBER, viewer.id, connection.path_params["merchant"], viewer.session_id)
    if found is None:
        raise Missing
    desk = Desk(found["merchant"], found["slug"], found["name"], found["role"], found["member"])
    if not roles.enough(desk.role, least):
        raise roles.refusal(least)
    if not _open(viewer, found["desk_seen_at"]) or (changes and not viewer.factor_fresh):
        await _ask(connection, viewer, desk)
    connection.scope["auth"] = desk
    await _seen("UPDATE sessions SET desk_seen_at = {} WHERE id = {}", viewer.session_id, found["desk_seen_at"])
    await _seen("UPDATE members SET seen_at = {} WHERE id = {}", desk.member, found["seen_at"])


def _open(viewer: Viewer, seen_at: datetime | None) -> bool:
    """The factor itself counts as use: a laptop left open since is no easier to use when the desk was never opened on it."""
    at, shown_at = clock.now(), viewer.factor_at
    return shown_at is not None and at - shown_at < LONGEST and at - max(shown_at, seen_at or shown_at) < IDLE


async def _ask(connection: Asking, viewer: Viewer, desk: Desk) -> None:
    """Raises ProofWanted, or FactorMissing for who has no factor that could be shown."""
    if (await second_factors.offered(viewer.id)).any:
        raise await guard.proof_wanted(connection, factor=True)
    reading = connection.scope["method"] == "GET"  # type: ignore[typeddict-item]
    raise FactorMissing(connection.scope["path"] if reading else desk.url)


async def _seen(write: str, number: int, before: datetime | None) -> None:
    at = clock.now()
    if before is None or at - before >= SEEN_EVERY:
        await db.execute(write, at, number)
