"""What goes on behind the pages: events become news, news goes out, what is due is done.

In the web process by default; `python -m app worker` beside it when COMPTOIR_WORKER is off there. Any number may run: whatever
is taken up is claimed in the database, and what a dead one had claimed comes up again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from app import db, outgoing
from app.accounts import factor_resets, retention
from app.db import transaction
from app.events import unnoticed
from app.mail import letters
from app.notifications import actions, forgetting, sending, ways
from app.notifications.channels import Channel, Due
from app.webhooks import actions as webhooks
from app.webhooks import sending as calls

log = logging.getLogger(__name__)
Chore = Callable[[], Awaitable[object]]
# What is due, letters that were left when a process ended, or could not be sent at first; what is to be forgotten.
CHORES: tuple[Chore, ...] = (factor_resets.carry_out, letters.post, retention.forget, forgetting.forget, calls.forget)
CHORES_EVERY = 15.0  # seconds
LOOK_EVERY = 0.1  # seconds between two looks for events
DUE_EVERY = 1.0  # seconds between two looks for deliveries whose time has come
AFTER_A_FAULT = 2.0  # seconds: the database may be starting again
EVENTS_AT_ONCE, SENDS_AT_ONCE = 100, 16  # the latter of a channel that does not say otherwise by AT_ONCE
PATIENCE = 5.0  # seconds for what is being sent when it is told to stop


class Worker:
    """`async with Worker():` works until the end of the block; what is being sent then is finished, if that is soon."""

    def __init__(self) -> None:
        self.stopping = asyncio.Event()
        self.senders = [Sender(channel, name, self.stopping) for name, channel in ways.open_ways().items()]
        self.tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Worker":
        turns = [self._notice, _chores, _calls, *(sender.turn for sender in self.senders)]
        self.tasks = [asyncio.create_task(self._repeat(turn)) for turn in turns]
        return self

    async def __aexit__(self, *_exception: object) -> None:
        self.stopping.set()
        self.wake()
        _done, late = await asyncio.wait(self.tasks, timeout=PATIENCE)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)

    def wake(self) -> None:
        for sender in self.senders:
            sender.fresh.set()

    async def _repeat(self, turn: Callable[[], Awaitable[float]]) -> None:
        """Each turn answers after how many seconds the next one comes. Whatever goes wrong is logged, and tried again."""
        while not self.stopping.is_set():
            try:
                wait = await turn()
            except Exception:
                log.exception("%s failed", turn.__qualname__)
                wait = AFTER_A_FAULT
            if wait:
                await _first(self.stopping, wait)

    async def _notice(self) -> float:
        if not await unnoticed.waiting():
            return LOOK_EVERY
        told, deliveries = await notice()
        if deliveries:
            self.wake()
        return 0 if told == EVENTS_AT_ONCE else LOOK_EVERY


class Sender:
    """One way's deliveries, so many at once: a slow mail server holds up nothing but mails, and not all of them."""

    def __init__(self, channel: Channel, name: str, stopping: asyncio.Event) -> None:
        self.channel, self.name, self.stopping = channel, name, stopping
        self.most: int = getattr(channel, "AT_ONCE", SENDS_AT_ONCE)
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
        finally:
            for task in self.busy:
                task.cancel()
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
            await _first(self.fresh, DUE_EVERY)

    async def _send(self, due: Due) -> None:
        try:
            await sending.send(self.channel, due)
        except Exception:  # the database's: the claim ends by itself, and it is sent again
            log.exception("what came of the delivery %d could not be kept", due.id)


async def _first(event: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)


async def notice(most: int = EVENTS_AT_ONCE) -> tuple[int, int]:
    """Tells of the oldest events; answers how many, and how many deliveries wait for it. Should they fail together, each is
    tried by itself, and what fails alone is put aside."""
    found: list[unnoticed.Heard] = []
    try:
        async with transaction():
            found = await unnoticed.claim(most)
            return len(found), await _tell(found)
    except Exception:
        if not found:
            raise
        log.exception("%d events could not be told together", len(found))
    return len(found), sum([await _alone(event) for event in found])


async def _alone(event: unnoticed.Heard) -> int:
    try:
        async with transaction():
            return await _tell(await unnoticed.claim_one(event.id))
    except Exception as error:
        log.exception("the event %d (%s) could not be told", event.id, event.kind)
        await unnoticed.put_aside(event.id, f"{type(error).__name__}: {error}")
    return 0


async def _tell(events: Sequence[unnoticed.Heard]) -> int:
    """All that hear of events, in one transaction with the claim."""
    await unnoticed.told_at_last([event.id for event in events])
    await webhooks.announce(events)
    return await actions.notify(events)


async def _calls() -> float:
    """Webhooks that are due."""
    async with outgoing.session() as session:
        return 0 if await calls.send_due(session) == calls.AT_ONCE else DUE_EVERY


async def _chores() -> float:
    await do(CHORES)
    return CHORES_EVERY


async def do(chores: Sequence[Chore]) -> None:
    for chore in chores:
        try:
            await chore()
        except Exception:
            log.exception("%s.%s could not be done", chore.__module__, getattr(chore, "__name__", chore))


async def repeat(chores: Sequence[Chore]) -> None:
    """Until it is cancelled."""
    while True:
        await do(chores)
        await asyncio.sleep(CHORES_EVERY)


async def run(stop: asyncio.Event) -> None:
    """A process of its own, on a pool of its own."""
    await db.open_pool()
    async with Worker():
        await stop.wait()
    await ways.close()
