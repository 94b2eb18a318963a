"""A conversation to take away as JSON, its messages from the beginning on; a batch of them in memory at a time.

{"format": "comptoir-conversation", "version": 1, "exported_at", "conversation": Conversation, "messages": [Said, …]}, a
message a line. Times are in UTC (RFC 3339). Nobody's address is in it, and no note of the desk's but for the desk.
"""

from collections.abc import AsyncIterator, Callable
from datetime import datetime

import msgspec
from msgspec import Struct

from app import clock
from app.inbox import keeping, texts, whole
from app.inbox.kept import KeptThread
from app.inbox.messages import KeptFile, KeptMessage, Page

FORMAT, VERSION = "comptoir-conversation", 1
Place = Callable[[KeptFile], str]


class Conversation(Struct, frozen=True, kw_only=True):
    """`about` are the titles of what it is about. `kept_until` is null where it has no end."""

    code: str
    kind: str
    subject: str
    order_number: str
    return_code: str
    about: list[str]
    seller: str
    customer: str
    begun_at: datetime
    closed_at: datetime | None
    kept_until: datetime | None


class SentFile(Struct, frozen=True):
    """`place` is where it is: in the archive, or at the counter."""

    name: str
    media_type: str
    size: int
    place: str


class Said(Struct, frozen=True, kw_only=True):
    """`side`: buyer, seller, shop, system, or note. `via`: app, mail, api. `event`: what a line of the system's tells of; one
    that was reported and is hidden has no text, and “withdrawn_…” with the reason here."""

    id: int
    at: datetime
    side: str
    name: str
    text: str
    via: str
    event: str
    files: list[SentFile]


async def as_json(it: KeptThread, place: Place, *, notes: bool = False) -> AsyncIterator[bytes]:
    head = {"format": FORMAT, "version": VERSION, "exported_at": clock.now(), "conversation": conversation(it)}
    yield msgspec.json.encode(head)[:-1] + b',"messages":['
    separator = b"\n"
    async for batch in whole.batches(it, notes=notes):
        yield separator + b",\n".join(msgspec.json.encode(_said(one, batch, place)) for one in batch.messages)
        separator = b",\n"
    yield b"\n]}\n"


def conversation(it: KeptThread) -> Conversation:
    return Conversation(
        code=it.code, kind=it.kind, subject=it.subject, order_number=it.order_number, return_code=it.return_code,
        about=it.titles.splitlines(), seller=it.merchant_name, customer=texts.name(it.customer_name), begun_at=it.created_at,
        closed_at=it.closed_at, kept_until=keeping.until(it),
    )  # fmt: skip


def _said(one: KeptMessage, batch: Page, place: Place) -> Said:
    files = [SentFile(file.title, file.media_type, file.size, place(file)) for file in batch.files.get(one.id, ())]
    return Said(id=one.id, at=one.at, side=one.side, name=one.name, text=one.text, via=one.via, event=one.event, files=files)
