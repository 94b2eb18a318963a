"""What a way to reach people is: `email`, `push` and `sms` are modules that each answer these questions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from msgspec import Struct

from app.i18n import Voice


class Person(Struct, frozen=True, kw_only=True):
    """Columns of `Customer`; `voice` is their language and zone."""

    id: int
    email: str
    name: str
    phone: str
    phrase: str
    unread: int
    voice: Voice


LATE = timedelta(days=1)


class News(Struct, frozen=True, kw_only=True):
    """Columns of `Notification`, its `data` read; `created_at` is when they were told."""

    id: int
    topic: str
    kind: str
    order: int | None
    url: str
    data: dict[str, Any]
    at: datetime
    created_at: datetime | None = None

    @property
    def came_late(self) -> bool:
        """Whether it is told long after it happened."""
        return self.created_at is not None and self.created_at - self.at > LATE


class Due(Struct, frozen=True, kw_only=True):
    """One attempt to send. `message_id` is the same at every attempt, `attempts` counts from 1."""

    id: int
    message_id: str
    target: str
    attempts: int
    person: Person
    news: News


class NotNow(Exception):
    """Could not be sent, and may be later: `after` is how long the other side asked to wait, else the usual wait grows."""

    def __init__(self, reason: str, after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Never(Exception):
    """Cannot be sent, now or later: the target is gone, or refuses this for good."""


class Channel(Protocol):
    async def targets(self, persons: Collection[Person]) -> Mapping[int, Sequence[str]]:
        """Where a new notification is to go, by each one's id; [""] for a person's own address. Who is not in it, or has
        nothing there, cannot be reached. Called in the transaction that writes the notifications, once for all."""

    async def send(self, due: Due) -> None:
        """Outside any transaction. Raises NotNow or Never; whatever else it raises counts as NotNow."""
