"""Merchants' own systems, called as messages fall due: whoever answers slowly, or not at all, keeps nobody else waiting."""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence

from app import db, outgoing
from app.notifications.sender import Sender
from app.webhooks import sending

log = logging.getLogger(__name__)
AT_ONCE = 60  # of all endpoints together


class Caller(Sender):
    """`under_way`: how many messages to each endpoint. `more`: where the room was used up, and more may wait."""

    session: outgoing.Session

    def __init__(self, stopping: asyncio.Event) -> None:
        super().__init__(AT_ONCE, stopping)
        self.under_way: Counter[int] = Counter()
        self.more: set[int] = set()

    async def turn(self) -> float:
        async with outgoing.session() as self.session:
            try:
                return await super().turn()
            finally:  # the session is not closed under what is on its way
                if self.busy:
                    await asyncio.wait(self.busy)

    async def claim(self, room: int) -> Sequence[db.Row]:
        due = await sending.claim(room, self.under_way)
        self.under_way.update(one["endpoint"] for one in due)
        self.more |= {one["endpoint"] for one in due if self.under_way[one["endpoint"]] >= sending.room_of(one)}
        return due

    async def send(self, due: db.Row) -> None:
        try:
            await sending.send(self.session, due)
        except Exception:  # the database's: the claim ends by itself, and it is sent again
            log.exception("what came of the webhook %s could not be kept", due["message_id"])

    def left(self, due: db.Row) -> None:
        """Looks for more as soon as half of the room is free again, not at every single one."""
        endpoint = due["endpoint"]
        self.under_way[endpoint] -= 1
        if endpoint in self.more and self.under_way[endpoint] <= sending.OF_EACH // 2:
            self.more.discard(endpoint)
            self.fresh.set()
        if not self.under_way[endpoint]:
            del self.under_way[endpoint]
