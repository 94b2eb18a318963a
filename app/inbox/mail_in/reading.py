"""A mail taken apart (RFC 5322, RFC 2045 to 2049): who wrote it, what its text is, what comes with it.

Python's own parser does it; what it stumbles over in broken headers counts as not there. Headers are read raw, and their words
made here: of a wrong charset as much is shown as can be.
"""

import re
from collections.abc import Iterator, Sequence
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.policy import default
from email.utils import getaddresses
from typing import Any

from msgspec import Struct

from app.accounts import email_address
from app.errors import Invalid
from app.inbox.mail_in import bodies
from app.inbox.mail_in.charsets import words
from app.inbox.mail_in.lines import Line

LARGEST = 25 * 1024 * 1024  # bytes
MOST_LOOKS = 20_000_000  # of Python's parser, which holds each line against each boundary that is open around it
HEAD = 256 * 1024  # bytes of one that is too large: whom it is from, and where it was to go
MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")


class Unreadable(Exception):
    """It is no mail, or one that is made to be unreadable."""


class File(Struct, frozen=True):
    title: str
    media_type: str
    body: bytes


class Mail(Struct, frozen=True):
    """`headers` by their names in small letters, in their order, as they came. `sender` is empty where it is not exactly one
    address. `subject` and `sender_name` in one line. `files` are those of the sender: no picture of a quote or a signature."""

    headers: Sequence[tuple[str, str]]
    message_id: str
    sender: str
    sender_name: str
    subject: str
    kind: str
    lines: Sequence[Line] = ()
    files: Sequence[File] = ()

    def all(self, name: str) -> list[str]:
        return [value for known, value in self.headers if known == name]

    def one(self, name: str) -> str:
        return next(iter(self.all(name)), "")


def read(raw: bytes) -> Mail:
    """Raises Unreadable."""
    if raw.lower().count(b"boundary") * max(raw.count(b"\n"), raw.count(b"\r")) > MOST_LOOKS:
        raise Unreadable("it would take too long")
    try:
        message = BytesParser(_class=EmailMessage, policy=default).parsebytes(raw)
        about = _about(message)
        if not about["headers"]:
            raise Unreadable("there is no header")
        found = bodies.of(message)
    except (RecursionError, MessageError, bodies.TooDeep) as error:
        raise Unreadable(type(error).__name__) from error
    files = [File(words(name), kind, body) for name, kind, body, shown_as in found.files if shown_as not in found.elsewhere]
    return Mail(**about, lines=found.lines, files=files)


def head(raw: bytes) -> Mail:
    """Of one that is too large to be read."""
    return Mail(**_about(BytesHeaderParser(_class=EmailMessage, policy=default).parsebytes(raw[:HEAD])))


def _about(message: EmailMessage) -> dict[str, Any]:
    headers = [(name.lower(), " ".join(value.split())) for name, value in message.raw_items()]
    sender, name = _sender([value for known, value in headers if known == "from"])
    said = dict(reversed(headers))
    found = MESSAGE_ID.search(said.get("message-id", ""))
    return {
        "headers": headers, "message_id": found[0] if found else "", "sender": sender, "sender_name": name,
        "subject": words(said.get("subject", ""))[:500], "kind": bodies.quietly(message.get_content_type, "text/plain"),
    }  # fmt: skip


def _sender(written: Sequence[str]) -> tuple[str, str]:
    """Address and name. Several, in one header or in two: programs do not agree on which counts, so none does."""
    found = [(name, address) for name, address in getaddresses(list(written)) if address]
    if len(written) != 1 or len(found) != 1:
        return "", words(written[0])[:200] if written else ""
    try:
        return email_address.normal(found[0][1]), words(found[0][0])[:200]
    except Invalid:
        return "", words(written[0])[:200]


def addresses(mail: Mail, names: Sequence[str]) -> Iterator[str]:
    """All that these headers name."""
    for name in names:
        for _said, address in getaddresses(mail.all(name)):
            yield address
