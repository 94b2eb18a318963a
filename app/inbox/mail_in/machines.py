"""Whether a mail was written by a person: what machines send is never answered, and never lands (RFC 3834).

Out-of-office notes, bounces, lists, and what went out from here and came back. Not by what relays put on people's mails, too
(`Feedback-ID`), nor by what only asks for no answer by a machine (`X-Auto-Response-Suppress`).
"""

import re

from app.inbox.mail_in.reading import Mail
from app.settings import settings

NO_ONE = ("", "<>", "mailer-daemon", "mailer_daemon")  # Postfix hands a program the name where there is no sender
DAEMONS = ("mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon")
BULK = ("bulk", "junk", "list", "auto_reply", "auto-reply")
AUTO = ("x-autoreply", "x-autorespond", "x-auto-reply-from", "x-autoreply-from", "x-mail-autoreply")
LISTS = ("list-id", "list-unsubscribe", "list-post")
REPORTS = ("multipart/report", "message/delivery-status", "message/disposition-notification")
AWAY = re.compile(
    r"(automatic reply|auto(matic)?[- ]?reply|out of (the )?office|autoreply|réponse automatique|absence du bureau"
    r"|message d.absence"
    r"|automatische antwort|abwesenheit|respuesta automática|risposta automatica|automatisch antwoord)\b", re.I,
)  # fmt: skip
OWN_ID = re.compile(r"<(?:[0-9a-f]{32}|thread\.[0-9a-f]{24}|\d+\.\d+\.\d+)@(.+)>")


def reason(mail: Mail, envelope: str | None = None) -> str:
    """One word for why it is a machine's; empty for a person's. `envelope` is who has sent it (MAIL FROM), where that is
    known; a `Return-Path` says the same."""
    sender = envelope if envelope is not None else (mail.one("return-path") or None)
    if mail.kind in REPORTS or (sender is not None and sender.strip().lower() in NO_ONE):
        return "bounce"
    if mail.sender.partition("@")[0] in DAEMONS or (sender or "").strip("<> ").lower().partition("@")[0] in DAEMONS:
        return "bounce"
    if _own(mail):
        return "own"
    return "automatic" if _automatic(mail) else "list" if any(mail.one(name) for name in LISTS) else ""


def _own(mail: Mail) -> bool:
    domain = settings.mail_from.rpartition("@")[2].rstrip(">").lower()
    found = OWN_ID.fullmatch(mail.message_id.lower())
    return bool((found and found[1] == domain) or (mail.sender and f"<{mail.sender}>" in f"<{settings.mail_from.lower()}>"))


def _automatic(mail: Mail) -> bool:
    said = mail.one("auto-submitted").partition(";")[0].strip().lower()
    if said not in ("", "no") or mail.one("precedence").lower() in BULK or any(mail.one(name) for name in AUTO):
        return True
    return AWAY.match(mail.subject) is not None
