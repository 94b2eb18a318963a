"""Mail to one person: rendered in their words, sent over SMTP, or written to a folder while no server is set."""

import logging
import os
import secrets
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosmtplib

from app import clock, i18n
from app.i18n import Voice
from app.settings import settings
from app.web.templating import render

log = logging.getLogger(__name__)
TIMEOUT = 15  # seconds
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


async def send(to: str, kind: str, voice: Voice, /, **context: Any) -> None:
    """`kind` is a folder of templates/emails. A mail that cannot be sent is logged: who asked has their answer already."""
    message = compose(to, kind, voice, **context)
    if settings.smtp_url:
        await _over_smtp(message, to)
    else:
        _into_folder(message)


def compose(to: str, kind: str, voice: Voice, /, **context: Any) -> EmailMessage:
    """Text and HTML. `to` is an address as `email_address.normal` writes it; whatever the subject holds is one line."""
    said = i18n.current.set(voice)
    try:
        subject, text, html = (_part(kind, part, context) for part in ("subject.txt", "body.txt", "body.html"))
    finally:
        i18n.current.reset(said)
    message = EmailMessage(policy=SMTP)
    sender = _sender()
    message["From"], message["To"], message["Subject"] = sender, _address(to), " ".join(subject.split())
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = make_msgid(domain=sender.domain)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office note comes back
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message


def folder() -> Path:
    return settings.data_dir / "mail"


def _part(kind: str, part: str, context: dict[str, Any]) -> str:
    return render(f"emails/{kind}/{part}", {**context, "locale": i18n.voice().locale})


def _sender() -> Address:
    name, address = parseaddr(settings.mail_from)
    return _address(address, name or settings.name)


def _address(text: str, name: str = "") -> Address:
    """In parts: nothing in an address is read as a second one."""
    user, _at, domain = text.rpartition("@")
    return Address(name, user, domain)


async def _over_smtp(message: EmailMessage, to: str) -> None:
    url = urlsplit(settings.smtp_url)
    await aiosmtplib.send(
        message, sender=_sender().addr_spec, recipients=[to], timeout=TIMEOUT,
        hostname=url.hostname, port=url.port or PORTS[url.scheme],
        username=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        use_tls=url.scheme == "smtps", start_tls=url.scheme == "smtp+starttls",
    )  # fmt: skip


def _into_folder(message: EmailMessage) -> None:
    """Under its last name only when it is whole; names sort by time."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{clock.now():%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}"
    written = folder() / f"{name}.part"
    written.touch(mode=0o600)
    written.write_bytes(message.as_bytes())
    os.replace(written, folder() / f"{name}.eml")
