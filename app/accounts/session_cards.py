"""Where a customer is signed in, and which browsers they trust: every text formatted once."""

from datetime import UTC, datetime, timedelta

from msgspec import Struct

from app import clock, db
from app.accounts import browsers, places
from app.accounts.viewer import Viewer
from app.i18n import Voice, _

MOST = 100  # shown; “everywhere else” ends the rest as well
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

OPEN = """
SELECT id, user_agent, created_at, seen_at, way, factor_at, network, device FROM sessions
WHERE customer = {} AND expires_at > {} ORDER BY id = {} DESC, seen_at DESC, id DESC LIMIT {}
"""
TRUSTED = """
SELECT id, user_agent, trusted_until FROM devices WHERE customer = {} AND trusted_until > {}
ORDER BY trusted_until DESC, id DESC LIMIT {}
"""


class SessionCard(Struct, frozen=True):
    """`since` goes with the form that ends it, see `leaving.end_session`."""

    icon: str
    browser: str
    where: str
    seen: str
    came_in: str
    here: bool
    ending_url: str
    since: int


class TrustedCard(Struct, frozen=True):
    icon: str
    browser: str
    until: str
    here: bool
    distrust_url: str


async def of(viewer: Viewer, voice: Voice) -> tuple[list[SessionCard], list[TrustedCard]]:
    """The session that asks comes first, be it the oldest; then as they were last seen."""
    at = clock.now()
    found = await db.rows(OPEN, viewer.id, at, viewer.session_id, MOST)
    own = next((row["device"] for row in found if row["id"] == viewer.session_id), None)
    trusted = await db.rows(TRUSTED, viewer.id, at, MOST)
    sessions = [_session(row, row["id"] == viewer.session_id, voice) for row in found]
    return sessions, [_trusted(row, row["id"] == own, voice) for row in trusted]


def read_since(text: str) -> datetime | None:
    """Of `SessionCard.since`; None for nonsense."""
    try:
        return EPOCH + timedelta(microseconds=int(text[:20]))
    except (ValueError, OverflowError):
        return None


def _session(row: db.Row, here: bool, voice: Voice) -> SessionCard:
    seen = _("Last seen %(when)s") % {"when": _when(row["seen_at"], voice)}
    return SessionCard(
        browsers.icon(row["user_agent"]),
        browsers.named(row["user_agent"], voice),
        places.of(row["network"], voice) or row["network"],
        _("In use now") if here else seen,
        _came_in(row, voice),
        here,
        f"/account/sessions/{row['id']}/ending",
        (row["created_at"] - EPOCH) // timedelta(microseconds=1),
    )


def _trusted(row: db.Row, here: bool, voice: Voice) -> TrustedCard:
    return TrustedCard(
        browsers.icon(row["user_agent"]),
        browsers.named(row["user_agent"], voice),
        _("until %(day)s") % {"day": voice.long_day(row["trusted_until"])},
        here,
        f"/account/devices/{row['id']}/distrust",
    )


def _when(at: datetime, voice: Voice) -> str:
    days = (voice.today() - voice.local(at).date()).days
    if days == 0:
        return _("today, %(time)s") % {"time": voice.time(at)}
    return _("yesterday, %(time)s") % {"time": voice.time(at)} if days == 1 else _("on %(when)s") % {"when": voice.moment(at)}


def _came_in(row: db.Row, voice: Voice) -> str:
    ways = {
        "code": _("with a mailed code"), "password": _("with your password"), "passkey": _("with a passkey"),
        "link": _("with a link from the shop"), "mailed_link": _("with a link for a new password"),
    }  # fmt: skip
    day = voice.day(row["created_at"])
    if row["way"] not in ways:
        return _("Signed in on %(day)s") % {"day": day}
    return _("Signed in on %(day)s %(way)s") % {"day": day, "way": ways[row["way"]]}
