"""What people send with what they say, and papers of our own: private files beside the database, in a folder for each use.

Pictures are made anew (`pictures_anew`); PDFs are taken as they are where `papers` says so, if they are only read (`pdfs`).
"""

import asyncio
import re
import secrets
import time
import unicodedata
from collections.abc import AsyncIterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from msgspec import Struct

from app import db, pdfs, pictures_anew, private_files
from app.errors import Invalid, Missing
from app.i18n import _
from app.settings import settings

MOST_BYTES = 10 * 1024 * 1024  # of a file
MOST_FILES = 8  # with one thing that is said
LARGEST_BODY = (MOST_FILES + 1) * MOST_BYTES  # of a form: one file too many is refused at its field, not by a closed door
LONGEST_SIDE = 2_000  # pixels: a scratch can be seen, a serial number read
LONGEST_TITLE = 80  # characters
ACCEPT = "image/jpeg,image/png,image/webp"  # telephones then send what they keep as HEIC as JPEG
PAPERS_TOO = f"{ACCEPT},application/pdf"
MEDIA_TYPES = {".webp": "image/webp", ".pdf": "application/pdf"}
NAME = re.compile(r"photo-[0-9a-f]{32}\.webp|paper-[0-9a-f]{32}\.pdf")
LEFT_ALONE, EVERY = 24 * 3600, 24 * 3600  # seconds: a file that is younger may be about to be named
STUDIO = ThreadPoolExecutor(1, "photos")  # one at a time: one of 40 megapixels takes some 200 MB

_due: dict[str, float] = {}  # by folder, by this process's own clock


class NewFile(Struct, frozen=True, kw_only=True):
    """What a row of `return_files` says of a file that is kept; `title` is what it was called, to be shown."""

    name: str
    title: str
    media_type: str
    size: int


def cleaned(called: str) -> str:
    """What a file was called, to be shown: never a path, nothing that is not seen or that turns the line around."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", called))[-1]
    seen = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in last)
    text = " ".join(seen.split()).lstrip(".").strip()
    return text if len(text) <= LONGEST_TITLE else f"{text[: LONGEST_TITLE - 1]}…"


class Shelf(Struct, frozen=True):
    """`name` of the folder; `named`: SQL that answers the names that rows have (`name`), so that the others can go."""

    name: str
    named: str

    def folder(self) -> Path:
        return settings.data_dir / self.name

    def read(self, name: str) -> tuple[bytes, str]:
        """The file that a row names and its media type; raises Missing."""
        if not NAME.fullmatch(name):
            raise Missing
        try:
            return (self.folder() / name).read_bytes(), MEDIA_TYPES[Path(name).suffix]
        except OSError as error:
            raise Missing from error

    async def keep(
        self, sent: AsyncIterable[tuple[str, bytes]], *, already: int = 0, field: str = "photos", papers: bool = False
    ) -> list[NewFile]:
        """Keeps pictures (the name each had, what it holds), one after another, for something that has `already` some; PDFs,
        too, where `papers` are taken.

        The files come first, their rows are the caller's: without them nobody is shown one, and `forget` takes it away. Raises
        Invalid(<field>=…).
        """
        kept: list[NewFile] = []
        async for called, body in sent:
            title = cleaned(called)
            try:
                if already + len(kept) >= MOST_FILES:
                    raise Invalid(
                        (_("At most %(num)d files.") if papers else _("At most %(num)d photos.")) % {"num": MOST_FILES}
                    )
                paper = papers and body.startswith(b"%PDF")
                kept.append(await (self._keep_pdf(title, body) if paper else self._keep(title, body, papers=papers)))
            except Invalid as error:
                await asyncio.to_thread(self.drop, [one.name for one in kept])
                raise Invalid.at({field: f"{title}: {error.message}" if title else error.message}) from error
        return kept

    async def keep_paper(self, pdf: bytes) -> str:
        """A paper of our own, such as the receipt of a withdrawal, or a label that was bought: its name, for the row."""
        name = f"paper-{secrets.token_hex(16)}.pdf"
        await asyncio.to_thread(private_files.write, self.folder(), name, pdf)
        return name

    def drop(self, names: Sequence[str]) -> None:
        """When no row names them any more."""
        for name in names:
            if NAME.fullmatch(name):
                (self.folder() / name).unlink(missing_ok=True)

    async def forget(self) -> None:
        """A chore, once a day: files that no row names any more, or never did because its change failed."""
        if time.monotonic() < _due.get(self.name, 0.0):
            return
        _due[self.name] = time.monotonic() + EVERY
        if old := await asyncio.to_thread(self._old):
            named = {row["name"] for row in await db.scan(self.named)}
            await asyncio.to_thread(self.drop, [name for name in old if name not in named])

    async def _keep_pdf(self, title: str, body: bytes) -> NewFile:
        """As it is. Raises Invalid."""
        _fits(body)
        try:
            await asyncio.get_running_loop().run_in_executor(STUDIO, pdfs.check, body)
        except pdfs.Locked as error:
            raise Invalid(_("This PDF is locked. Save it without a password, then send that.")) from error
        except pdfs.Acts as error:
            raise Invalid(
                _("This PDF holds a program, a form or another file. Print it into a new PDF, then send that.")
            ) from error
        except pdfs.Unreadable as error:
            raise Invalid(_("This PDF cannot be read. Print it into a new PDF, then send that.")) from error
        return NewFile(name=await self.keep_paper(body), title=title, media_type=MEDIA_TYPES[".pdf"], size=len(body))

    async def _keep(self, title: str, body: bytes, *, papers: bool) -> NewFile:
        """Raises Invalid."""
        _fits(body)
        try:
            picture = await asyncio.get_running_loop().run_in_executor(STUDIO, pictures_anew.webp, body, LONGEST_SIDE)
        except pictures_anew.TooManyPixels as error:
            most = pictures_anew.MOST_PIXELS // 1_000_000
            raise Invalid(_("The picture has too many pixels: at most %(num)d million.") % {"num": most}) from error
        except pictures_anew.Unreadable as error:
            said = (
                _("This is neither a picture (JPEG, PNG or WebP) nor a PDF that can be read, of at most %(num)d MB.")
                if papers
                else _("This is not a picture that can be read: JPEG, PNG or WebP, at most %(num)d MB.")
            )
            raise Invalid(said % {"num": MOST_BYTES // 1024 // 1024}) from error
        name = f"photo-{secrets.token_hex(16)}.webp"
        await asyncio.to_thread(private_files.write, self.folder(), name, picture)
        return NewFile(name=name, title=title, media_type=MEDIA_TYPES[".webp"], size=len(picture))

    def _old(self) -> list[str]:
        before, there = time.time() - LEFT_ALONE, self.folder().glob("*-*.*")
        return [file.name for file in there if NAME.fullmatch(file.name) and file.stat().st_mtime < before]


def _fits(body: bytes) -> None:
    if len(body) > MOST_BYTES:
        raise Invalid(_("The file is too large: at most %(num)d MB.") % {"num": MOST_BYTES // 1024 // 1024})
