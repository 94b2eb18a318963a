"""Whom a code was mailed to, kept by the browser between the page that asks for it and the page that takes it."""

from urllib.parse import quote, unquote

import msgspec

from app import clock
from app.accounts.forms import own_path
from app.tokens import sign, unsign

COOKIE, PROOF, LINK = "code-asked", "proof-asked", "link-asked"  # to sign in, as a proof, for another password
LIFETIME = 3600  # seconds; longer than a code is good, so that another one can be asked for
RESEND_AFTER = 30  # seconds; mail takes a moment


class Asked(msgspec.Struct, frozen=True):
    """In a signed cookie, so that no address stands in a URL or a log."""

    email: str
    code_id: int
    next: str
    at: int  # Unix seconds

    def cookie(self, name: str) -> str:
        """Good under this name alone: what was asked for a proof does not sign in."""
        return quote(sign(msgspec.json.encode(self).decode(), name))

    @property
    def resend_in(self) -> int:
        return max(0, self.at + RESEND_AFTER - _seconds())


def now(email: str, code_id: int, next: str) -> Asked:
    return Asked(email, code_id, own_path(next), _seconds())


def read(cookie: str, name: str) -> Asked | None:
    """None when the cookie is not ours, not of this name, too old, or of an older release's structure."""
    text = unsign(unquote(cookie), name)
    try:
        found = msgspec.json.decode(text, type=Asked) if text else None
    except msgspec.DecodeError:
        return None
    return found if found and _seconds() - found.at < LIFETIME else None


def _seconds() -> int:
    return int(clock.now().timestamp())
