"""A whole mail as somebody's mail provider posts it, with to whom and by whom it was sent, where that is said.

The mail itself as the body; or in a field beside others: `body-mime` of a form (Mailgun, to an address that ends in “mime”),
`email` of one (SendGrid, “Send Raw”), `RawEmail` of JSON (Postmark, “Include raw email content in JSON payload”). What these
have taken apart themselves is not read: it is read here, in one way.
"""

from collections.abc import Mapping, Sequence
from email.parser import BytesParser
from email.policy import compat32
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct

FORM, PARTS, JSON = "application/x-www-form-urlencoded", "multipart/form-data", "application/json"
WHOLE = ("body-mime", "email")


class NoMail(Exception):
    """A form or JSON without a whole mail in it."""


class Posted(Struct, frozen=True):
    """`sender` is None where nobody says who has sent it; empty is nobody: a bounce."""

    raw: bytes
    recipients: Sequence[str] = ()
    sender: str | None = None


class Inbound(Struct, frozen=True, rename="pascal"):
    """Of Postmark's JSON."""

    raw_email: str
    original_recipient: str = ""


class Envelope(Struct, frozen=True):
    """Of SendGrid's form, in JSON. `sender` is called “from”."""

    to: list[str] = []
    sender: str | None = msgspec.field(default=None, name="from")


def read(body: bytes, content_type: str) -> Posted:
    """Raises NoMail. `curl --data-binary` says that a mail is a form; a form has its lines within signs."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == JSON:
        return _of_json(body)
    if kind == PARTS:
        return _of_form(_parts(body, content_type))
    if kind == FORM and b"\n" not in body:
        fields = parse_qsl(body.decode("ascii", "replace"), encoding="latin-1", keep_blank_values=True)
        return _of_form({name: value.encode("latin-1") for name, value in fields})
    return Posted(body)


def _of_json(body: bytes) -> Posted:
    try:
        found = msgspec.json.decode(body, type=Inbound)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NoMail from error
    return Posted(found.raw_email.encode(), [found.original_recipient])


def _of_form(fields: Mapping[str, bytes]) -> Posted:
    raw = next((fields[name] for name in WHOLE if fields.get(name)), None)
    if raw is None:
        raise NoMail
    sender = fields.get("sender")
    try:
        envelope = msgspec.json.decode(fields.get("envelope", b"{}"), type=Envelope)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        envelope = Envelope()
    recipients = fields.get("recipient", b"").decode("utf-8", "replace").split(",")
    return Posted(raw, [*recipients, *envelope.to], envelope.sender if sender is None else sender.decode("utf-8", "replace"))


def _parts(body: bytes, content_type: str) -> dict[str, bytes]:
    """Byte by byte as they were posted: a mail's are in whichever charset its own head says."""
    head = f"Content-Type: {' '.join(content_type.split())}\r\n\r\n".encode("latin-1", "replace")
    made = BytesParser(policy=compat32).parsebytes(head + body)
    found: dict[str, bytes] = {}
    for part in made.walk():
        name, value = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(value, bytes):
            found.setdefault(name, value)
    return found
