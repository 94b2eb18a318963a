"""Somebody's notifications, newest first, a page at a time by keyset."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from urllib.parse import urlencode

from msgspec import Struct

from app import db, reading
from app.notifications.kinds import TOPICS

PAGE = 30
PATH = "/notifications"
COLUMNS = 'id, topic, kind, "order", url, data, at, created_at, read_at'
GONE_OUT = "SELECT DISTINCT notification, channel FROM deliveries WHERE state = 'sent' AND notification IN"


class Kept(Struct, frozen=True, array_like=True):
    """Columns of `Notification`."""

    id: int
    topic: str
    kind: str
    order: int | None
    url: str
    data: str
    at: datetime
    created_at: datetime
    read_at: datetime | None


class Asked(Struct, frozen=True):
    """What is to be seen: of one topic (empty: all), only what is unread, told before the one of that id. `day` is that one's
    own, under whose heading the page before has ended."""

    topic: str = ""
    unread: bool = False
    before: int = db.MOST_ID
    day: date | None = None

    def url(self, before: str = "") -> str:
        parts = (("topic", self.topic), ("unread", "yes" if self.unread else ""), ("before", before))
        query = urlencode({name: value for name, value in parts if value})
        return f"{PATH}?{query}" if query else PATH


def read_query(query: Mapping[str, str]) -> Asked:
    """Nonsense asks for everything."""
    topic = query.get("topic", "")
    number, _, day = query.get("before", "")[:40].partition("_")
    before, on = db.MOST_ID, None
    try:
        before, on = int(number), date.fromisoformat(day)
    except ValueError:
        before = db.MOST_ID
    if not 0 < before <= db.MOST_ID:
        before, on = db.MOST_ID, None
    return Asked(topic if topic in TOPICS else "", query.get("unread") == "yes", before, on)


async def page_of(customer: int, asked: Asked) -> tuple[list[Kept], bool]:
    """And whether there are more."""
    wanted, args = "customer = {} AND shown AND id < {}", [customer, asked.before]
    found = await reading.texts(
        COLUMNS,
        f"FROM notifications WHERE {wanted}{' AND topic = {}' if asked.topic else ''}"
        f"{' AND read_at IS NULL' if asked.unread else ''} ORDER BY id DESC LIMIT {{}}",
        *args, *([asked.topic] if asked.topic else []), PAGE + 1,
    )  # fmt: skip
    kept = [reading.decoder(Kept)(text) for text in found]
    return kept[:PAGE], len(kept) > PAGE


async def newest(customer: int) -> int:
    """The id of what came last, whatever a page shows."""
    row = await db.one("SELECT id FROM notifications WHERE customer = {} ORDER BY id DESC LIMIT 1", customer)
    return row["id"] if row else 0


async def gone_out(kept: Sequence[Kept]) -> dict[int, list[str]]:
    """On which ways each has reached them, too."""
    made: dict[int, list[str]] = {one.id: [] for one in kept}
    if made:
        for row in await db.rows(f"{GONE_OUT} ({db.marks(len(made))})", *made):
            made[row["notification"]].append(row["channel"])
    return made
