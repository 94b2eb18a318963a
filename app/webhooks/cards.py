"""Endpoints and what was sent to them, in words."""

from collections.abc import Sequence

from msgspec import Struct

from app import db
from app.i18n import Voice, _, ngettext
from app.webhooks import kinds

SHOWN = 100  # deliveries of one endpoint

LOG = """
SELECT id, kind, message_id, state, attempts, next_try_at, last_status, last_error, created_at, sent_at
FROM webhook_deliveries WHERE endpoint = {} ORDER BY id DESC LIMIT {}
"""


class Endpoint(Struct, frozen=True):
    """`tag` is its state, in that `tone`; `on` says whether it is called."""

    url: str
    about: str
    tag: str
    tone: str
    detail: str
    on: bool
    path: str


class Sent(Struct, frozen=True):
    """One delivery. `again` is where a POST sends it once more, empty while it is still being tried."""

    what: str
    when: str
    tag: str
    tone: str
    detail: str
    message_id: str
    again: str


def group_names() -> list[tuple[str, str]]:
    words = {"orders": _("Orders"), "parcels": _("Parcels"), "refunds": _("Refunds"), "returns": _("Returns")}
    words |= {"messages": _("Messages"), "notes": _("Notes of the desk")}
    return [(name, words[name]) for name in kinds.GROUPS]


def endpoint(row: db.Row, desk: str, voice: Voice) -> Endpoint:
    names = [text for name, text in group_names() if kinds.has(row["about"], name)]
    tag, tone, detail = _state(row, voice)
    return Endpoint(
        row["url"], " · ".join(names), tag, tone, detail, row["disabled_at"] is None, f"{desk}/webhooks/{row['id']}"
    )


def _state(row: db.Row, voice: Voice) -> tuple[str, str, str]:
    if row["disabled_at"]:
        why = {
            "owner": _("Switched off on %(day)s"),
            "failing": _("Nothing got through for a week; off since %(day)s"),
            "gone": _("It asked to be called no more on %(day)s"),
        }[row["disabled_by"]]
        return _("Off"), "plain" if row["disabled_by"] == "owner" else "bad", why % {"day": voice.day(row["disabled_at"])}
    if row["failing_since"]:
        return _("Failing"), "wait", _("Nothing has got through since %(when)s") % {"when": voice.moment(row["failing_since"])}
    return _("On"), "good", ""


async def log(number: int, path: str, voice: Voice) -> list[Sent]:
    """The newest first."""
    return [_sent(row, path, voice) for row in await db.rows(LOG, number, SHOWN)]


def _sent(row: db.Row, path: str, voice: Voice) -> Sent:
    tags = {"sent": (_("Arrived"), "good"), "failed": (_("Given up"), "bad"), "waiting": (_("Waiting"), "wait")}
    tag, tone = tags[row["state"]]
    again = "" if row["state"] == "waiting" else f"{path}/deliveries/{row['id']}/sending"
    return Sent(
        row["kind"], voice.moment(row["sent_at"] or row["created_at"]), tag, tone, " · ".join(_detail(row, voice)),
        row["message_id"], again,
    )  # fmt: skip


def _detail(row: db.Row, voice: Voice) -> Sequence[str]:
    said = []
    if row["attempts"] > 1 or row["state"] != "sent":
        said.append(ngettext("%(num)d attempt", "%(num)d attempts", row["attempts"]) % {"num": row["attempts"]})
    if row["last_status"]:
        said.append(_("answered %(status)d") % {"status": row["last_status"]})
    if row["last_error"] and row["state"] != "sent":
        said.append(row["last_error"][:200])
    if row["state"] == "waiting" and row["attempts"]:
        said.append(_("next try %(when)s") % {"when": voice.moment(row["next_try_at"])})
    return said
