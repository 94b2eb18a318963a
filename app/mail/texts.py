"""Text messages to one telephone: through a gateway where one is set. Without one, on somebody's own machine, they are files
beside the mails, to be read at `/dev/mail`; elsewhere nothing can be sent, and nothing is promised.
"""

import os
import secrets

from app import clock
from app.errors import Refused
from app.i18n import _
from app.mail import gateway, outbox
from app.mail.gateway import NotTaken
from app.settings import settings

__all__ = ("NotTaken", "available", "going_out", "send")


def available() -> bool:
    """Whether a text that is sent now can be read by somebody."""
    return going_out() or (settings.local and not settings.smtp_url)


def going_out() -> bool:
    """Whether it really goes to a telephone."""
    return bool(settings.sms_url)


async def send(phone: str, text: str) -> None:
    """`phone` is E.164. Raises Refused (409) where texts cannot be sent, NotTaken when the gateway says no."""
    if going_out():
        await gateway.send(phone, text)
    elif available():
        _into_folder(phone, text)
    else:
        raise Refused(_("Text messages cannot be sent here yet."))


def _into_folder(phone: str, text: str) -> None:
    """The number in the first line, then what it says; named and kept as mails are."""
    outbox.folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{clock.now():%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}"
    written = outbox.folder() / f"{name}.part"
    written.touch(mode=0o600)
    written.write_text(f"{phone}\n{text}\n", "utf-8")
    os.replace(written, outbox.folder() / f"{name}.txt")
