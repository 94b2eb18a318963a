"""Text messages to one telephone. No provider can be set yet: on somebody's own machine they are files beside the mails, to be
read at `/dev/mail`; elsewhere nothing can be sent, and nothing is promised.
"""

import os
import secrets

from app import clock
from app.errors import Refused
from app.i18n import _
from app.mail import outbox
from app.settings import settings


def available() -> bool:
    """Whether a text that is sent now can be read by somebody."""
    return settings.local and not settings.smtp_url


async def send(phone: str, text: str) -> None:
    """`phone` is E.164. Raises Refused (409) where texts cannot be sent."""
    if not available():
        raise Refused(_("Text messages cannot be sent here yet."))
    _into_folder(phone, text)


def _into_folder(phone: str, text: str) -> None:
    """The number in the first line, then what it says; named and kept as mails are."""
    outbox.folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{clock.now():%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}"
    written = outbox.folder() / f"{name}.part"
    written.touch(mode=0o600)
    written.write_text(f"{phone}\n{text}\n", "utf-8")
    os.replace(written, outbox.folder() / f"{name}.txt")
