"""`/dev/mail`: mails and text messages of a counter on one's own machine, read in the browser. Not there when a mail server
is set.

They hold sign-in codes: whoever comes from another machine, or by another name than localhost, finds nothing here.
"""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from litestar import Request, Response, get
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath
from msgspec import Struct

from app import i18n
from app.errors import Missing
from app.mail import outbox
from app.settings import settings
from app.web import access
from app.web.pages import page

NAME = re.compile(r"[0-9]{8}T[0-9]{6}\.[0-9]{6}-[0-9a-f]{8}\.(eml|txt)")
MOST = 100  # mails in the list
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


class Mail(Struct, frozen=True):
    """`html_url` is empty: the page's policy lets no other document into it, the text says the same."""

    url: str
    sender: str
    to: str
    subject: str
    when: str
    text: str
    html_url: str = ""


async def on_this_machine(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard: raises Missing for other machines, and for pages elsewhere that give this machine a name of theirs."""
    try:
        here = ip_address(connection.client.host if connection.client else "").is_loopback
        named = urlsplit(f"//{connection.headers.get('host', '')}").hostname
    except ValueError as error:
        raise Missing from error
    if not here or named not in LOCAL_NAMES:
        raise Missing


@get("/dev/mail", access=access.ANYBODY)
async def mails(request: Request) -> Response[Any]:
    return page(request, "dev/mails.html", mails=_newest())


@get("/dev/mail/{name:str}", access=access.ANYBODY)
async def mail(request: Request, name: FromPath[str]) -> Response[Any]:
    return page(request, "dev/mail.html", mail=_read(name))


def _newest() -> list[Mail]:
    paths = sorted(outbox.folder().glob("*.*"), reverse=True)
    return [_read_file(path) for path in [path for path in paths if NAME.fullmatch(path.name)][:MOST]]


def _read(name: str) -> Mail:
    """Raises Missing for what is not the name of a mail of ours."""
    path = outbox.folder() / name
    if not NAME.fullmatch(name) or not path.is_file():
        raise Missing
    return _read_file(path)


def _read_file(path: Path) -> Mail:
    return _text(path) if path.suffix == ".txt" else _mail(path)


def _text(path: Path) -> Mail:
    """A text message, see `texts.py`."""
    phone, _line, said = path.read_text("utf-8").partition("\n")
    at = datetime.strptime(path.name[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    subject = said.partition("\n")[0]
    return Mail(
        url=f"/dev/mail/{path.name}", sender=settings.name, to=phone, subject=subject, when=i18n.voice().moment(at), text=said
    )


def _mail(path: Path) -> Mail:
    message = message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=default)
    text = message.get_body(("plain",))
    return Mail(
        url=f"/dev/mail/{path.name}",
        sender=str(message["From"]),
        to=str(message["To"]),
        subject=str(message["Subject"]),
        when=i18n.voice().moment(parsedate_to_datetime(str(message["Date"]))),
        text=text.get_content().replace("\r\n", "\n") if text else "",
    )


PUBLIC = [mails, mail]
