"""Files that a form brings. The framework puts what is large on the disk; only one file at a time is in memory, and of a file
that is too large no more than shows it."""

from collections.abc import AsyncIterator

from litestar import Request
from litestar.datastructures import UploadFile

from app.errors import Refused
from app.i18n import _

Sent = tuple[str, bytes]  # the name it had, what it holds


async def sent(request: Request, field: str, most: int) -> AsyncIterator[Sent]:
    """The files that were chosen in `field`; of one that is larger than `most` bytes one byte more than that.

    Raises Refused (400) where the form cannot be read.
    """
    try:
        form = await request.form()
    except (LookupError, ValueError) as error:
        raise Refused(_("Something in what was sent is not as expected."), status=400) from error
    try:
        for part in form.getall(field, []):
            if isinstance(part, UploadFile):
                yield part.filename, await part.read(most + 1)
    finally:
        await form.close()


async def first_sent(request: Request, field: str, most: int) -> bytes:
    """What the file holds; empty when none was chosen."""
    bodies = [body async for _name, body in sent(request, field, most)]
    return bodies[0] if bodies else b""
