"""Pictures and PDFs that programs send before the message they belong to: what was kept is told back sealed, so that nobody
can name the file of somebody else. One that no message has named within a day is thrown away (see `Shelf.forget`)."""

from collections.abc import AsyncIterator, Sequence

import msgspec

from app import db, tokens
from app.errors import Invalid
from app.inbox.api_bodies import Upload
from app.inbox.files import SHELF
from app.shelves import MOST_FILES, NewFile

PURPOSE = "thread upload"
USED = "SELECT 1 AS n FROM message_files WHERE name = {}"


async def keep(merchant: int, code: str, title: str, body: bytes) -> Upload:
    """Raises Invalid at `/`."""
    (kept,) = await SHELF.keep(_only(title, body), field="", papers=True)
    sealed = tokens.seal(msgspec.json.encode((merchant, code, kept)).decode(), PURPOSE)
    return Upload(sealed, kept.title, kept.media_type, kept.size)


async def _only(title: str, body: bytes) -> AsyncIterator[tuple[str, bytes]]:
    yield title, body


async def named(merchant: int, code: str, uploads: Sequence[str]) -> list[NewFile]:
    """Those of this thread that no message has yet. Raises Invalid(files=…)."""
    if len(uploads) > MOST_FILES:
        raise Invalid(files=f"at most {MOST_FILES}")
    found = [_opened(merchant, code, one) for one in uploads]
    for one in found:
        if one is None or [other.name for other in found if other].count(one.name) > 1 or await db.rows(USED, one.name):
            raise Invalid(files="one of them was not sent for this thread, or is with a message already")
    return [one for one in found if one is not None]


def _opened(merchant: int, code: str, sealed: str) -> NewFile | None:
    try:
        of, where, kept = msgspec.json.decode(tokens.unseal(sealed, PURPOSE), type=tuple[int, str, NewFile])
    except ValueError:  # no base64, or sealed elsewhere
        return None
    return kept if (of, where) == (merchant, code) else None
