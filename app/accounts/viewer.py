"""The customer who is signed in, as of one request."""

from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from app import clock
from app.tokens import hash_secret

FRESH = timedelta(minutes=15)


class Viewer(Struct, frozen=True):
    """The customer who is signed in, as of this request. `order_years` and `order_merchants` are lists of words, `desks` is of
    `Customer`."""

    id: int
    email: str
    name: str
    locale: str
    time_zone: str
    revision: int
    order_years: str
    order_merchants: str
    has_password: bool
    session_id: int
    second_factor: bool = False
    operator: bool = False
    proved_at: datetime | None = None
    factor_at: datetime | None = None
    passkey_hint_until: datetime | None = None
    unread: int = 0
    desks: str = ""
    unread_threads: int = 0

    @property
    def initials(self) -> str:
        words = self.name.split() or [self.email]
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    @property
    def public_id(self) -> str:
        """Tells people apart in a browser (whose pages may be shown?) without giving the id away."""
        return hash_secret(str(self.id), "viewer")[:16]

    @property
    def unread_shown(self) -> str:
        """On the bell and before a page's title, where there is room for two digits."""
        return str(self.unread) if self.unread < 100 else "99+"

    @property
    def waiting(self) -> dict[str, int]:
        """How many returns wait at each desk where they work, by its short name."""
        return msgspec.json.decode(self.desks, type=dict[str, int]) if self.desks else {}

    @property
    def waiting_in_all(self) -> int:
        return sum(self.waiting.values())

    @property
    def passkey_hint(self) -> bool:
        """Whether a passkey is suggested now."""
        return self.passkey_hint_until is not None and not self.second_factor and clock.now() < self.passkey_hint_until

    @property
    def proved(self) -> bool:
        """Whether they have shown who they are within the last quarter of an hour (GitHub's “sudo mode”): with the second
        factor, where there is one. A browser's trust spares it at the door, not here."""
        if self.second_factor:
            return self.factor_fresh
        return self.proved_at is not None and clock.now() - self.proved_at < FRESH

    @property
    def factor_fresh(self) -> bool:
        """Whether they have shown a second factor within the last quarter of an hour."""
        return self.factor_at is not None and clock.now() - self.factor_at < FRESH
