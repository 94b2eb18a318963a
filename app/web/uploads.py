"""Files that a form brings, and those that waited for it while its sender was asked who they are.

The framework puts what is large on the disk; only one file at a time is in memory, and of one that is too large no more than
shows it.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from litestar import Request
from litestar.datastructures import FormMultiDict, UploadFile

from app import waiting_files
from app.errors import Refused
from app.i18n import _

MOST_WAITING, LARGEST_WAITING = 9, 10 * 1024 * 1024 + 1  # a byte, and a file, too many are refused where they go on to
Sent = tuple[str, bytes]  # the name it had, what it holds


async def sent(request: Request, field: str, most: int) -> AsyncIterator[Sent]:
    """The files that were chosen in `field`; of one that is larger than `most` bytes one byte more than that.

    Raises Refused (400) where the form cannot be read.
    """
    form = await _form(request)
    try:
        for part in form.getall(field, []):
            if isinstance(part, UploadFile):
                yield part.filename, await part.read(most + 1)
        for path in _waited(request, form.get(waiting_files.FIELD)):
            it = await asyncio.to_thread(waiting_files.read, path)
            if it.field == field:
                yield it.called, it.body[: most + 1]
    finally:
        await form.close()


async def first_sent(request: Request, field: str, most: int) -> bytes:
    """What the file holds; empty when none was chosen."""
    bodies = [body async for _name, body in sent(request, field, most)]
    return bodies[0] if bodies else b""


async def waiting(request: Request, customer: int) -> list[tuple[str, str]]:
    """The field that names the files of this form, kept for its sender until it goes on; nothing where it has none."""
    form, name, number = await _form(request), waiting_files.name(), 0
    for field, part in form.multi_items():
        if isinstance(part, UploadFile) and part.filename and number < MOST_WAITING:
            await part.seek(0)
            it = waiting_files.Waiting(field, part.filename.encode(errors="replace").decode(), await part.read(LARGEST_WAITING))
            await asyncio.to_thread(waiting_files.keep, customer, name, number, it)
            number += 1
    return [(waiting_files.FIELD, name)] if number else []


async def _form(request: Request) -> FormMultiDict:
    try:
        return await request.form()
    except (LookupError, ValueError) as error:
        raise Refused(_("Something in what was sent is not as expected."), status=400) from error


def _waited(request: Request, name: Any) -> list[Path]:
    viewer = request.scope.get("user")
    return waiting_files.paths(viewer.id, name) if viewer and isinstance(name, str) else []
