"""What we take for an e-mail address, and the one way to write it: two spellings of it are never two accounts."""

import re

from app.errors import Invalid
from app.i18n import _

LONGEST = 320
# The local part as browsers check it (HTML Living Standard, 4.10.5.1.5); names of hosts after RFC 1123, 2.1.
LOCAL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")


def normal(text: str) -> str:
    """Trimmed and lower-cased, the domain in its ASCII form; raises Invalid(email=…) for what is no address."""
    # What is too long is not even looked at; half of it could be somebody's address.
    local, _at, domain = text.strip().lower().rpartition("@") if len(text) <= LONGEST else ("", "", "")
    host = _ascii(domain)
    if not LOCAL.fullmatch(local) or not HOST.fullmatch(host) or len(local) + len(host) >= LONGEST:
        raise Invalid(email=_("This is not an e-mail address such as name@example.com."))
    return f"{local}@{host}"


def is_one(text: str) -> bool:
    """Whether mail can go there at all: of what a merchant's row says, nobody has asked."""
    try:
        return bool(normal(text))
    except Invalid:
        return False


def _ascii(domain: str) -> str:
    """IDNA: “bücher.example” is “xn--bcher-kva.example”; an empty text when it cannot be written so."""
    try:
        return domain.encode("idna").decode().lower()
    except UnicodeError:
        return ""
