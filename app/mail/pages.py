"""`/dev/mail`: the mails of a counter on one's own machine, read in the browser. Not there when a mail server is set."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath
from msgspec import Struct

from app import i18n
from app.errors import Missing
from app.mail import outbox
from app.web.pages import page

NAME = re.compile(r"[0-9]{8}T[0-9]{6}\.[0-9]{6}-[0-9a-f]{8}\.eml")
MOST = 100  # mails in the list


class Mail(Struct, frozen=True):
    """`html_url` is empty: the page's policy lets no other document into it, the text says the same."""

    url: str
    sender: str
    to: str
    subject: str
    when: str
    text: str
    html_url: str = ""


@get("/dev/mail")
async def mails(request: Request) -> Response[Any]:
    return page(request, "dev/mails.html", mails=_newest())


@get("/dev/mail/{name:str}")
async def mail(request: Request, name: FromPath[str]) -> Response[Any]:
    return page(request, "dev/mail.html", mail=_read(name))


def _newest() -> list[Mail]:
    paths = sorted(outbox.folder().glob("*.eml"), reverse=True)[:MOST]
    return [_mail(path) for path in paths if NAME.fullmatch(path.name)]


def _read(name: str) -> Mail:
    """Raises Missing for what is not the name of a mail of ours."""
    path = outbox.folder() / name
    if not NAME.fullmatch(name) or not path.is_file():
        raise Missing
    return _mail(path)


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
