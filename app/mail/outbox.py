"""Mail to one person: rendered in their words, sent over SMTP, or written to a folder while no server is set."""

import asyncio
import logging
import os
import secrets
from collections.abc import Mapping, Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, make_msgid, parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosmtplib
import msgspec
from msgspec import Struct

from app import clock, i18n
from app.i18n import Voice
from app.mail import looks, refusals
from app.mail.inlining import inlined
from app.mail.looks import Look
from app.settings import settings
from app.web.templating import accent, render

log = logging.getLogger(__name__)
TIMEOUT = 15  # seconds, of each answer of a mail server
AT_LONGEST = 60  # seconds, of all that is said to one; whoever waits for a mail's fate counts on it
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
LOGO = "logo"  # by this name a mail's HTML shows the picture that comes with it
NO_HEADERS: Mapping[str, str] = {}
# Folded, a long address or id would become an “encoded word”, which nobody reads there (RFC 2047, 5).
NEVER_FOLDED = frozenset(("message-id", "in-reply-to", "references", "list-unsubscribe"))
UNFOLDED = SMTP.clone(max_line_length=998)


class Attachment(Struct, frozen=True):
    """A file that comes with a mail; `name` is what it is called, `media_type` such as “application/pdf”."""

    name: str
    media_type: str
    body: bytes


class Whole(EmailPolicy):
    """As SMTP's, but for headers that only hold ids and addresses."""

    def fold(self, name: str, value: str) -> str:
        return (UNFOLDED if name.lower() in NEVER_FOLDED else SMTP).fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        return (UNFOLDED if name.lower() in NEVER_FOLDED else SMTP).fold_binary(name, value)


POLICY = Whole(linesep="\r\n", cte_type="7bit")


async def send(to: str, kind: str, voice: Voice, /, **context: Any) -> None:
    """`kind` is a folder of templates/emails. Raises what `deliver` does."""
    await deliver(compose(to, kind, voice, **context), to)


async def deliver(message: EmailMessage, to: str) -> None:
    """Raises Unsent for a server's no, OSError and others where none could be asked."""
    if settings.smtp_url:
        await _over_smtp(message, to)
    else:
        _into_folder(message)


def compose(
    to: str, kind: str, voice: Voice, /, *, headers: Mapping[str, str] = NO_HEADERS, look: Look | None = None,
    attachments: Sequence[Attachment | Mapping[str, str]] = (), **context: Any,
) -> EmailMessage:  # fmt: skip
    """Text and HTML, the logo with it where mail programs can draw it. Without a `look` it is the counter's own.

    `to` is an address as `email_address.normal` writes it; whatever the subject holds is one line. `headers` are added, or
    take the place of ours; each is one line, too. `attachments` are such, or what a sealed letter has made of them: their
    bytes in base64.
    """
    look = look or looks.own()
    said = i18n.current.set(voice)
    try:
        about = {**context, "look": look, "accent": accent(look.accent), "mail_logo": LOGO if look.logo else ""}
        subject, text, html = (_part(kind, part, about) for part in ("subject.txt", "body.txt", "body.html"))
    finally:
        i18n.current.reset(said)
    message = _addressed(to, _line(subject), headers)
    message.set_content(text)
    message.add_alternative(inlined(html), subtype="html")
    if look.logo:
        page: Any = message.get_body(("html",))
        page.add_related(look.logo, "image", look.kind, cid=f"<{LOGO}>", disposition="inline")
    for file in msgspec.convert(attachments, list[Attachment]):
        message.add_attachment(file.body, *file.media_type.split("/", 1), filename=_line(file.name))
    return message


def message_id(name: str) -> str:
    """`name` is of letters, digits, dots and hyphens; the same name makes the same id."""
    return f"<{name}@{sender().domain}>"


def _addressed(to: str, subject: str, headers: Mapping[str, str]) -> EmailMessage:
    message = EmailMessage(policy=POLICY)
    own = sender()
    message["From"], message["To"], message["Subject"] = own, _address(to), subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = make_msgid(domain=own.domain)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office note comes back
    for name, value in headers.items():
        del message[name]
        message[name] = _line(value)
    return message


def _line(text: str) -> str:
    """What looks like an encoded word (RFC 2047) is one to `email.policy`, which reads it and writes what it says, line ends
    and all: `=?utf-8?q?=0ABcc:…?=` would be a header more."""
    return " ".join(text.split()).replace("=?", "= ?")


def folder() -> Path:
    return settings.data_dir / "mail"


def _part(kind: str, part: str, context: dict[str, Any]) -> str:
    return render(f"emails/{kind}/{part}", {**context, "locale": i18n.voice().locale})


def sender() -> Address:
    """Whom mails come from."""
    name, address = parseaddr(settings.mail_from)
    return _address(address, name or settings.name)


def _address(text: str, name: str = "") -> Address:
    """In parts: nothing in an address is read as a second one."""
    user, _at, domain = text.rpartition("@")
    return Address(name, user, domain)


async def _over_smtp(message: EmailMessage, to: str) -> None:
    """As bytes: the library would fold the headers its own way."""
    url = urlsplit(settings.smtp_url)
    try:
        async with asyncio.timeout(AT_LONGEST):
            await aiosmtplib.send(
                message.as_bytes(), sender=sender().addr_spec, recipients=[to], timeout=TIMEOUT,
                hostname=url.hostname, port=url.port or PORTS[url.scheme],
                username=unquote(url.username) if url.username else None,
                password=unquote(url.password) if url.password else None,
                use_tls=url.scheme == "smtps", start_tls=url.scheme == "smtp+starttls",
            )  # fmt: skip
    except aiosmtplib.SMTPRecipientsRefused as error:
        no = error.recipients[0]
        raise refusals.unsent(no.code, no.message, to_recipient=True) from error
    except aiosmtplib.SMTPDataError as error:
        raise refusals.unsent(error.code, error.message, to_recipient=False) from error
    except aiosmtplib.SMTPException as error:
        if isinstance(error, OSError):  # not reached, or lost on the way
            raise
        raise refusals.Unsent(_line(f"{type(error).__name__}: {error}"), "now") from error


def _into_folder(message: EmailMessage) -> None:
    """Under its last name only when it is whole; names sort by time."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{clock.now():%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}"
    written = folder() / f"{name}.part"
    written.touch(mode=0o600)
    written.write_bytes(message.as_bytes())
    os.replace(written, folder() / f"{name}.eml")
