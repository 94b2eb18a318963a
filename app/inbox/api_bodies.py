"""A merchant's threads and messages as JSON, for its programs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct

from app import db
from app.errors import Missing
from app.inbox import kept, texts
from app.inbox import messages as messages_kept
from app.inbox.kept import KeptThread
from app.inbox.messages import KeptFile, KeptMessage, Page

THREADS = "/api/v1/threads"
Side = Literal["buyer", "seller", "shop", "note", "system"]


class Thread(Struct, frozen=True, kw_only=True):
    """`subject` as pages head it: what was bought, where nobody gave one. `order` is the order's id in the shop, `of_return` a
    return's code, empty where it is about none; `customer` what they are called, never where they are reached. `last_message`
    is the newest message's id, `assigned` an address."""

    code: str
    kind: str
    subject: str
    customer: str
    order: str
    order_number: str
    of_return: str
    waiting_on: str
    waiting_since: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    escalated_at: datetime | None
    assigned: str
    last_message: int
    last_text: str
    last_side: str
    last_at: datetime
    message_count: int
    created_at: datetime


class Threads(Struct, frozen=True):
    """One page; `next` is what comes behind it, empty where nothing does."""

    threads: list[Thread]
    next: str


class Attachment(Struct, frozen=True):
    """With a message; its `url` wants the key, too."""

    id: int
    url: str
    title: str
    media_type: str
    size: int


class Message(Struct, frozen=True):
    """`side`: who said it; a note stays at the desk. `text` is plain, whole, as it was written: never HTML; empty where it was
    reported and is hidden."""

    id: int
    side: Side
    name: str
    text: str
    via: str
    at: datetime
    files: list[Attachment]


class Messages(Struct, frozen=True):
    """The oldest of these first. `before` asks for what was said before them, 0 where nothing was."""

    messages: list[Message]
    before: int


class Changed(Struct, frozen=True):
    """How the thread stands after it; `message` is the new one's id, 0 for none."""

    code: str
    waiting_on: str
    closed: bool
    message: int


class Upload(Struct, frozen=True):
    """A picture or a PDF that waits for its message: `upload` is to be named with it, within a day."""

    upload: str
    title: str
    media_type: str
    size: int


OF_OTHERS = {
    "customer": "c.name",
    "order": "COALESCE((SELECT o.external_id FROM orders o WHERE o.id = t.\"order\" AND o.merchant = t.merchant), '')",
    "of_return": "COALESCE((SELECT r.code FROM returns r WHERE r.id = t.of_return), '')",
    "assigned": (
        "COALESCE((SELECT a.email FROM members mb JOIN customers a ON a.id = mb.customer WHERE mb.id = t.assigned), '')"
    ),
}
NAMES = ", ".join(f'{OF_OTHERS[name]} AS "{name}"' if name in OF_OTHERS else f"t.{name}" for name in Thread.__struct_fields__)
BRIEF = f"SELECT t.id, t.titles, {NAMES} FROM threads t JOIN customers c ON c.id = t.customer WHERE t.merchant = {{}}"  # noqa: S608 - our own words


def read(row: Mapping[str, Any]) -> Thread:
    said = {"customer": texts.name(row["customer"]), "subject": row["subject"] or row["titles"].partition("\n")[0]}
    return Thread(**{name: row[name] for name in Thread.__struct_fields__} | said)


async def brief(merchant: int, code: str) -> Thread | None:
    found = await db.rows(f"{BRIEF} AND t.code = {{}}", merchant, code)
    return read(found[0]) if found else None


async def told(merchant: int, code: str, message: object) -> dict[str, Any]:
    """For webhooks: the thread as it stands now, but for which of the merchant's people has it, and the message, where there is
    one; null where they are no more."""
    try:
        row = await kept.at_desk(merchant, code)
    except Missing:
        return {"thread": None}
    if (it := await brief(merchant, row.code)) is None:
        return {"thread": None}
    found = {"thread": {name: said for name, said in msgspec.structs.asdict(it).items() if name != "assigned"}}
    if not isinstance(message, int):
        return found
    page = await messages_kept.page_of(row.id, before=message + 1, notes=True, most=1)
    said = messages(row.code, page).messages
    return {**found, "message": said[0] if said and said[0].id == message else None}


def messages(code: str, page: Page) -> Messages:
    shown = [_message(code, one, page.files.get(one.id, ())) for one in page.messages]
    return Messages(shown, shown[0].id if shown and page.earlier else 0)


def _message(code: str, one: KeptMessage, files: Sequence[KeptFile]) -> Message:
    return Message(one.id, _side(one.side), one.name, one.text, one.via, one.at, [_file(code, file) for file in files])


def _side(said: str) -> Side:
    sides: dict[str, Side] = {"buyer": "buyer", "seller": "seller", "shop": "shop", "note": "note"}
    return sides.get(said, "system")


def _file(code: str, file: KeptFile) -> Attachment:
    return Attachment(file.id, f"{THREADS}/{code}/files/{file.id}", file.title, file.media_type, file.size)


def changed(it: KeptThread, message: int = 0) -> Changed:
    return Changed(it.code, it.waiting_on, it.closed_at is not None, message)
