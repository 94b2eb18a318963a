"""One way's deliveries, taken up as they fall due, for as long as a worker works."""

import asyncio
import logging
from contextlib import suppress

from app.notifications import sending
from app.notifications.channels import Channel, Due

log = logging.getLogger(__name__)
AT_ONCE = 16  # of a channel that does not say otherwise by its own AT_ONCE
DUE_EVERY = 1.0  # seconds between two looks for deliveries whose time has come


class Sender:
    """So many at once: a slow mail server holds up nothing but mails, and not all of them."""

    def __init__(self, channel: Channel, name: str, stopping: asyncio.Event) -> None:
        self.channel, self.name, self.stopping = channel, name, stopping
        self.most: int = getattr(channel, "AT_ONCE", AT_ONCE)
        self.fresh = asyncio.Event()
        self.busy: set[asyncio.Task[None]] = set()

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
        due = await sending.claim(self.name, room)
        for one in due:
            task = asyncio.create_task(self._send(one))
            self.busy.add(task)
            task.add_done_callback(self.busy.discard)
        if len(due) < room:
            await first(self.fresh, DUE_EVERY)

    async def _send(self, due: Due) -> None:
        try:
            await sending.send(self.channel, due)
        except Exception:  # the database's: the claim ends by itself, and it is sent again
            log.exception("what came of the delivery %d could not be kept", due.id)


async def first(event: asyncio.Event, seconds: float) -> None:
    """Waits for it so long, no longer."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
