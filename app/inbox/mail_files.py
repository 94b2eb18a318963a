"""Files that come with a mail: pictures, made anew like all that people send, and papers; of the others only the name."""

from collections.abc import AsyncIterator, Sequence
from pathlib import PurePath

from app import shelves
from app.errors import Invalid
from app.inbox.files import SHELF
from app.inbox.mail_in.reading import File
from app.shelves import NewFile

TAKEN = (".jpg", ".jpeg", ".png", ".webp", ".pdf")
MOST_NAMED = 20


async def keep(files: Sequence[File]) -> tuple[list[NewFile], str]:
    """Those that are kept, and the names of those that were not taken, a line each."""
    kept: list[NewFile] = []
    untaken: list[str] = []
    for file in files:
        found = await _kept(file) if len(kept) < shelves.MOST_FILES else None
        if found is None:
            untaken.append(shelves.cleaned(file.title) or file.media_type[:60])
        else:
            kept.append(found)
    return kept, "\n".join(untaken[:MOST_NAMED])


def drop(files: Sequence[NewFile]) -> None:
    SHELF.drop([file.name for file in files])


async def _kept(file: File) -> NewFile | None:
    """What a mail says that it is may be wrong: whether it can be read as a picture, or as a paper, decides."""
    said = file.media_type.startswith("image/") or file.media_type == shelves.MEDIA_TYPES[".pdf"]
    if not said and PurePath(file.title).suffix.lower() not in TAKEN:
        return None
    try:
        return (await SHELF.keep(_alone(file), papers=True))[0]
    except Invalid:
        return None


async def _alone(file: File) -> AsyncIterator[tuple[str, bytes]]:
    yield file.title, file.body
