"""What a setting of mails may be; else Misconfigured, see `setting_values.py`."""

import re
from collections.abc import Mapping
from typing import Any

from app import setting_values as values
from app.setting_values import SHORTEST_SECRET, wrong

DOMAIN = re.compile(r"(?=.{4,190}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
LOCAL = re.compile(r"[a-z0-9._-]{1,24}")  # with what is put behind it, it stays below the 64 of RFC 5321


def mail(given: Mapping[str, str], host: str | None) -> dict[str, Any]:
    return {
        "smtp_url": values.smtp_url(given.get("SMTP_URL", "")),
        "mail_from": values.mail_from(given.get("MAIL_FROM", "")) or f"no-reply@{host}",
        "mail_in": _mail_in(given.get("MAIL_IN", "")),
        "mail_in_secret": _secret(given.get("MAIL_IN_SECRET", "")),
        "mail_authserv": given.get("MAIL_AUTHSERV", "").lower(),
    }


def _mail_in(text: str) -> str:
    """A domain of its own, or one mailbox that takes “name+anything”."""
    local, at, domain = text.lower().rpartition("@")
    if text and (not DOMAIN.fullmatch(domain) or (at and not LOCAL.fullmatch(local))):
        raise wrong(
            "MAIL_IN", f"“{text}” is neither a domain such as reply.example.com nor an address such as reply@example.com"
        )
    return text.lower()


def _secret(text: str) -> str:
    """It is not repeated."""
    if text and (len(text) < SHORTEST_SECRET or not text.isascii() or not text.isprintable()):
        raise wrong("MAIL_IN_SECRET", f"at least {SHORTEST_SECRET} plain characters, please")
    return text
