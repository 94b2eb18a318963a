"""One's own activity to take away, newest first, each try by itself; a batch of events in memory at a time.

The columns' names and the kinds are the same in every language, `said` is in the person's own.
"""

from collections.abc import AsyncIterator

import msgspec
from msgspec import Struct

from app import clock
from app.accounts import activity, activity_cards
from app.accounts.activity import Happened
from app.accounts.viewer import Viewer
from app.events.actions import data_of
from app.i18n import Voice
from app.spreadsheets import BYTE_ORDER_MARK, csv_text

FORMAT, VERSION = "comptoir-activity", 1


class Line(Struct, frozen=True):
    """`at` is in UTC (RFC 3339), `local` as the person's clock showed it; `where` is the place, `network` always."""

    at: str
    local: str
    kind: str
    said: str
    detail: str
    browser: str
    user_agent: str
    where: str
    network: str


async def as_csv(person: Viewer, voice: Voice) -> AsyncIterator[bytes]:
    yield BYTE_ORDER_MARK + csv_text([Line.__struct_fields__])
    async for batch in activity.each(person.id):
        yield csv_text(msgspec.structs.astuple(_line(one, voice)) for one in batch)


async def as_json(person: Viewer, voice: Voice) -> AsyncIterator[bytes]:
    """{"format", "version", "exported_at", "customer", "events": [Line, …]}, an event a line."""
    head = {"format": FORMAT, "version": VERSION, "exported_at": clock.now(), "customer": {"email": person.email}}
    yield msgspec.json.encode(head)[:-1] + b',"events":['
    separator = b"\n"
    async for batch in activity.each(person.id):
        yield separator + b",\n".join(msgspec.json.encode(_line(one, voice)) for one in batch)
        separator = b",\n"
    yield b"\n]}\n"


def _line(one: Happened, voice: Voice) -> Line:
    data, entry = data_of(one.data), activity_cards.entry(one, voice)
    agent, network = (activity_cards.text_of(data, name) for name in ("browser", "network"))
    at, local = one.at.strftime("%Y-%m-%dT%H:%M:%SZ"), voice.local(one.at).isoformat(" ", "seconds")
    where = "" if entry.where == network else entry.where
    return Line(at, local, one.kind, entry.text, entry.detail, entry.browser, agent, where, network)
