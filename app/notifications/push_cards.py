"""Browsers that news is pushed to, for their owner: every text formatted once."""

from datetime import datetime

from msgspec import Struct

from app import clock, db
from app.accounts import browsers
from app.accounts.viewer import Viewer
from app.i18n import Voice, _
from app.notifications import push_keys, push_subscriptions

LISTED = f"""
SELECT p.id, p.user_agent, p.name, p.session, p.created_at, p.delivered_at
FROM push_subscriptions p JOIN sessions s ON {push_subscriptions.OPEN} WHERE p.customer = {{}} AND p.dead_since IS NULL
ORDER BY p.session = {{}} DESC, p.id DESC
"""  # noqa: S608 - our own words


class PushCard(Struct, frozen=True):
    """`here` is the browser that asks. `name` is what its owner calls it, empty where it is called by its kind."""

    id: int
    icon: str
    called: str
    name: str
    since: str
    delivered: str
    here: bool
    url: str


class Lost(Struct, frozen=True):
    called: str
    day: str


class Push(Struct, frozen=True):
    """`key` is what browsers bind their subscriptions to. `lost` are those whose owner does not know yet."""

    key: str
    devices: list[PushCard]
    lost: list[Lost]

    @property
    def on(self) -> bool:
        return any(card.here for card in self.devices)


async def of(viewer: Viewer, voice: Voice) -> Push:
    found = await db.rows(LISTED, clock.now(), viewer.id, viewer.session_id)
    gone = await push_subscriptions.dead(viewer.id)
    lost = [Lost(called(row, voice), voice.long_day(row["dead_since"])) for row in gone]
    return Push(push_keys.public_key(), [_card(row, viewer, voice) for row in found], lost)


async def here(viewer: Viewer) -> bool:
    """Whether news is pushed to the browser that asks."""
    return any(row["session"] == viewer.session_id for row in await db.rows(LISTED, clock.now(), viewer.id, viewer.session_id))


def called(row: db.Row, voice: Voice) -> str:
    return row["name"] or browsers.named(row["user_agent"], voice)


def _card(row: db.Row, viewer: Viewer, voice: Voice) -> PushCard:
    return PushCard(
        row["id"], browsers.icon(row["user_agent"]), called(row, voice), row["name"],
        _("Since %(day)s") % {"day": voice.day(row["created_at"])}, _delivered(row["delivered_at"], voice),
        row["session"] == viewer.session_id, f"/account/notifications/push/{row['id']}",
    )  # fmt: skip


def _delivered(at: datetime | None, voice: Voice) -> str:
    if at is None:
        return _("Nothing delivered yet")
    return _("Last delivered on %(when)s") % {"when": voice.moment(at)}
