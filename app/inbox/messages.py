"""The messages of a thread, a page at a time from the newest, in the order in which they were said."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from app import db, reading, typed
from app.errors import Missing
from app.inbox import mail_kept, searching
from app.inbox.files import SHELF
from app.inbox.mail_kept import Landed
from app.reading import Part

PAGE, MOST_SHOWN = 30, 300
BOTH_SEE = "side <> 'note'"
OF_THREAD = "FROM messages m WHERE m.thread = {} AND m.id < {}"


class KeptMessage(Struct, frozen=True, array_like=True):
    """Columns of `Message`."""

    id: int
    side: str
    author: int | None
    name: str
    text: str
    via: str
    event: str
    at: datetime


class KeptFile(Struct, frozen=True, array_like=True):
    """Columns of `MessageFile`."""

    id: int
    message: int
    name: str
    title: str
    media_type: str
    size: int


class Page(Struct, frozen=True):
    """The oldest of them first; `earlier`: there are some before these. `mails`: of those that came by mail, by message."""

    messages: Sequence[KeptMessage]
    files: dict[int, list[KeptFile]]
    earlier: bool
    mails: dict[int, Landed] = {}

    @property
    def newest(self) -> int:
        """Up to which message somebody has seen it who is shown these; 0 for none."""
        return self.messages[-1].id if self.messages else 0


COLUMNS = ", ".join(f"m.{name}" for name in KeptMessage.__struct_fields__)
FILE = """
SELECT f.name, f.title, m.side FROM message_files f JOIN messages m ON m.id = f.message
WHERE m.thread = {} AND f.id = {} AND m.event = ''
"""  # of a message that is withdrawn nothing is shown
FILES = Part(KeptFile, "FROM message_files WHERE message IN (MARKS) ORDER BY id")


async def page_of(
    thread: int, *, before: int = db.MOST_ID, notes: bool = False, whose: str = "", query: str = "", most: int = PAGE
) -> Page:
    """`notes`: for a desk, which sees its own. `query`: only those that say this to `whose` (see `words`), or
    else a word of it."""
    found: Sequence[str] = ()
    for some in (False, True) if query else (False,):
        said, args = searching.of_messages(whose, query, some=some)
        sql = f"{OF_THREAD}{'' if notes else f' AND m.{BOTH_SEE}'}{said} ORDER BY m.id DESC LIMIT {{}}"
        found = found or await reading.texts(COLUMNS, sql, thread, before, *args, most + 1)
    newest = [reading.decoder(KeptMessage)(text) for text in found[:most]]
    mails = await mail_kept.of([one.id for one in newest if one.via == "mail" and not one.event])
    return Page(newest[::-1], await files_of([one.id for one in newest if not one.event]), len(found) > most, mails)


def place(before: str) -> int:
    """The id before which a page of messages begins, or until which somebody was shown them; the newest where it says none."""
    return db.MOST_ID if (number := typed.number(before)) is None else number


def shown(text: str) -> int:
    """How many of the newest a page shows, as its address says: who wants earlier ones sees them above, not instead."""
    return min(max(typed.number(text) or 0, PAGE), MOST_SHOWN)


def above(page: Page, before: int, most: int) -> tuple[int, int] | None:
    """How many to show with those that are earlier, and the oldest one until then; None where they have a page of their own."""
    if before < db.MOST_ID or most >= MOST_SHOWN or not page.earlier:
        return None
    return most + PAGE, page.messages[0].id


async def files_of(numbers: Sequence[int]) -> dict[int, list[KeptFile]]:
    """By message."""
    made: dict[int, list[KeptFile]] = {}
    if numbers:
        rest = FILES.rest.replace("MARKS", db.marks(len(numbers)))
        for text in await reading.texts(FILES.names, rest, *numbers):
            one = reading.decoder(KeptFile)(text)
            made.setdefault(one.message, []).append(one)
    return made


async def file(thread: int, number: int, *, notes: bool = False) -> tuple[bytes, str, str]:
    """What it holds, its media type and what it is called. Raises Missing."""
    row = await db.one(FILE, thread, number) if 0 < number <= db.MOST_ID else None
    if row is None or (row["side"] == "note" and not notes):
        raise Missing
    return *await asyncio.to_thread(SHELF.read, row["name"]), row["title"]


async def read(file: KeptFile) -> tuple[bytes, str, str]:
    """What one holds, its media type and what it is called."""
    return *await asyncio.to_thread(SHELF.read, file.name), file.title
