"""What is due of one way, taken up as it falls due, for as long as a worker works."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from app.notifications import sending
from app.notifications.channels import Channel, Due

log = logging.getLogger(__name__)
AT_ONCE = 16  # of a channel that does not say otherwise by its own AT_ONCE
DUE_EVERY = 1.0  # seconds between two looks for deliveries whose time has come


class Sender(ABC):
    """So many at once: a slow one holds up nothing but its own kind, and not all of it."""

    def __init__(self, most: int, stopping: asyncio.Event) -> None:
        self.most, self.stopping = most, stopping
        self.fresh = asyncio.Event()
        self.busy: set[asyncio.Task[None]] = set()

    @abstractmethod
    async def claim(self, room: int) -> Sequence[Any]:
        """What is to be sent now, no more than that."""

    @abstractmethod
    async def send(self, one: Any) -> None:
        """One attempt; what came of it is kept."""

    def left(self, one: Any) -> None:  # noqa: B027 - most have nothing to do then
        """It is no longer under way."""

    async def turn(self) -> float:
        """Sends what is due, until the worker stops and all of it is out."""
        try:
            while not self.stopping.is_set():
                self.fresh.clear()
                await self._fill()
            if self.busy:
                await asyncio.wait(self.busy)
        except asyncio.CancelledError:  # whatever else goes wrong, what is on its way arrives and is marked
            for task in self.busy:
                task.cancel()
            raise
        return 0

    async def _fill(self) -> None:
        """Claims are made for a good part of the room at once; then it waits until there is room, or more to be sent."""
        room = self.most - len(self.busy)
        if room < max(self.most // 4, 1):
            await asyncio.wait(self.busy, return_when=asyncio.FIRST_COMPLETED)
            return
        due = await self.claim(room)
        for one in due:
            task = asyncio.create_task(self.send(one))
            self.busy.add(task)
            task.add_done_callback(partial(self._done, one))
        if len(due) < room:
            await first(self.fresh, DUE_EVERY)

    def _done(self, one: Any, task: asyncio.Task[None]) -> None:
        self.busy.discard(task)
        self.left(one)


class ChannelSender(Sender):
    """A channel's deliveries."""

    def __init__(self, channel: Channel, name: str, stopping: asyncio.Event) -> None:
        super().__init__(getattr(channel, "AT_ONCE", AT_ONCE), stopping)
        self.channel, self.name = channel, name

    async def claim(self, room: int) -> Sequence[Due]:
        return await sending.claim(self.name, room)

    async def send(self, due: Due) -> None:
        try:
            await sending.send(self.channel, due)
        except Exception:  # the database's: the claim ends by itself, and it is sent again
            log.exception("what came of the delivery %d could not be kept", due.id)


async def first(event: asyncio.Event, seconds: float) -> None:
    """Waits for it so long, no longer."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
