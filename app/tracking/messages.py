"""What a sender's bytes are before and after they are read."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from app.shipments.snapshot import TrackingSnapshot


class Message(Struct, frozen=True, kw_only=True):
    """`id` and `at` are the sender's own and stand in the bytes that are signed; `about` is the message's kind in the sender's
    word. Without `news` it is about something that is not taken here."""

    id: str = ""
    at: datetime | None = None
    about: str = ""
    news: list[TrackingSnapshot] = []


class Sent(Struct, frozen=True, kw_only=True):
    """A request as it came. Names of `headers` are in lower case; `query` is what follows the question mark."""

    body: bytes
    headers: Mapping[str, str]
    path: str = ""
    query: str = ""
