"""All of somebody's conversations in one ZIP, written while it is read: each as JSON and PDF, with its files.

conversations/T-7K3F9QXM.json   as `export.as_json` makes it; a file's `place` is one in here
conversations/T-7K3F9QXM.pdf
files/T-7K3F9QXM/12-invoice.pdf
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from app import clock
from app.errors import Missing
from app.i18n import Voice
from app.inbox import documents, export, kept, whole
from app.inbox.files import SHELF
from app.inbox.kept import KeptThread
from app.inbox.messages import KeptFile

ENDINGS = {"image/webp": ".webp", "application/pdf": ".pdf"}
SIGNS = "-_. "  # of a file's name, beside letters and digits


class Pipe:
    """Where the ZIP is written: what has come is taken away at once, nothing is gone back to."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, part: bytes, /) -> int:
        self.parts.append(bytes(part))
        return len(part)

    def flush(self) -> None: ...

    def close(self) -> None: ...

    def taken(self) -> bytes:
        parts, self.parts = self.parts, []
        return b"".join(parts)


async def as_zip(customer: int, voice: Voice) -> AsyncIterator[bytes]:
    pipe = Pipe()
    with ZipFile(pipe, "w") as archive:
        async for code in whole.codes(customer):
            try:
                it = await kept.owned_by(customer, code)
            except Missing:  # purged a moment ago
                continue
            async for _part in _one(archive, it, voice):
                yield pipe.taken()
    yield pipe.taken()


async def _one(archive: ZipFile, it: KeptThread, voice: Voice) -> AsyncIterator[None]:
    """Goes on to the next step each time something is written."""
    with archive.open(_named(f"conversations/{it.code}.json", ZIP_DEFLATED), "w") as entry:
        async for part in export.as_json(it, lambda file: _place(it, file)):
            entry.write(part)
            yield
    archive.writestr(_named(f"conversations/{it.code}.pdf", ZIP_STORED), await documents.paper(it, voice))
    yield
    async for batch in whole.batches(it, notes=False):
        for file in _files(batch.files.values()):
            try:
                body, _media_type = await asyncio.to_thread(SHELF.read, file.name)
            except Missing:
                continue
            archive.writestr(_named(_place(it, file), ZIP_STORED), body)
            yield


def _files(found: Iterable[list[KeptFile]]) -> list[KeptFile]:
    return [file for files in found for file in files]


def _named(name: str, how: int) -> ZipInfo:
    made = ZipInfo(name, clock.now().timetuple()[:6])
    made.compress_type = how
    made.external_attr = 0o600 << 16
    return made


def _place(it: KeptThread, file: KeptFile) -> str:
    """Its number keeps it apart from others of that name; its ending is what it is, not what it was called."""
    name = "".join(sign if sign.isalnum() or sign in SIGNS else "_" for sign in file.title).strip(" .")
    ending = ENDINGS.get(file.media_type, "")
    return f"files/{it.code}/{file.id}-{name.removesuffix(ending) or 'file'}{ending}"
