"""What a mail server reports of a mail that it had taken and could not bring (RFC 3464, inside of RFC 6522)."""

import re
from collections.abc import Iterator, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parseaddr

from msgspec import Struct

LARGEST = 2_000_000  # bytes; what comes behind is part of the mail that is sent back
REPORT, RETURNED = "message/delivery-status", ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers")
MESSAGE_ID = re.compile(r"^message-id:\s*<([^<>\s]{1,300})>", re.I | re.M)
SENT_TO = re.compile(r"^to:\s*(.{1,400})$", re.I | re.M)


class Report(Struct, frozen=True):
    """Of one recipient. `message_id` is of the mail that was sent, without brackets; `recipients` are all addresses by which
    this one is known there. `status` is “5.1.1”; `said` what the last server answered."""

    message_id: str
    recipients: frozenset[str]
    failed: bool
    status: str
    said: str


def read(raw: bytes) -> list[Report]:
    """Nothing for what is no such report."""
    message = message_from_bytes(raw[:LARGEST], _class=EmailMessage, policy=policy.default)
    parts = list(message.walk())
    status = next((part for part in parts if part.get_content_type() == REPORT), None)
    message_id, sent_to = _returned(parts)
    if status is None or not message_id:
        return []
    return [_report(fields, message_id, sent_to) for fields in _recipients(status)]


def _returned(parts: Sequence[Message]) -> tuple[str, str]:
    """Id and recipient of the mail that comes back, or of as much of it as does."""
    for part in parts:
        if part.get_content_type() in RETURNED:
            text = part.as_bytes()[:LARGEST].decode("utf-8", "replace")
            found, to = MESSAGE_ID.search(text), SENT_TO.search(text)
            if found:
                return found[1], _plain(to[1]) if to else ""
    return "", ""


def _recipients(status: Message) -> Iterator[Message]:
    """One block of fields each, behind those of the whole."""
    payload = status.get_payload()
    for block in payload if isinstance(payload, list) else []:
        if isinstance(block, Message) and block["Action"]:
            yield block


def _report(fields: Message, message_id: str, sent_to: str) -> Report:
    named = {_plain(_value(fields, name)) for name in ("Final-Recipient", "Original-Recipient")}
    return Report(
        message_id=message_id, recipients=frozenset((named | {sent_to}) - {""}),
        failed=str(fields["Action"]).strip().lower() == "failed", status=str(fields["Status"] or "").split(" ")[0].strip(),
        said=_value(fields, "Diagnostic-Code")[:400],
    )  # fmt: skip


def _value(fields: Message, name: str) -> str:
    """Without its type: “rfc822; alice@example.com”."""
    text = " ".join(str(fields[name] or "").split())
    return text.partition(";")[2].strip() or text


def _plain(address: str) -> str:
    return (parseaddr(address)[1] or address).strip().lower()
