"""What the desk's forms send. All fields are texts that may be missing: what is wrong is said by the verbs, at the field."""

from dataclasses import dataclass

from litestar import Request
from litestar.datastructures import UploadFile

from app.errors import Refused
from app.i18n import _


@dataclass
class NewMember:
    email: str = ""
    role: str = ""


@dataclass
class Role:
    role: str = ""


@dataclass
class NewKey:
    name: str = ""


@dataclass
class Colour:
    """`look`: it is only to be looked at, not kept."""

    accent: str = ""
    look: str = ""


async def file_sent(request: Request, field: str, most: int) -> bytes:
    """Of a form with a file: what it holds, of one that is larger than `most` bytes one byte more. Empty when none was chosen.

    Raises Refused (400) where the form cannot be read.
    """
    try:
        form = await request.form()
    except (LookupError, ValueError) as error:
        raise Refused(_("Something in what was sent is not as expected."), status=400) from error
    sent = form.get(field)
    body = await sent.read(most + 1) if isinstance(sent, UploadFile) else b""
    await form.close()
    return body
