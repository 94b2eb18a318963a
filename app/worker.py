"""What goes on behind the pages: events become news, news goes out, what is due is done.

In the web process by default; `python -m app worker` beside it when COMPTOIR_WORKER is off there. Any number may run: whatever
is taken up is claimed in the database, and what a dead one had claimed comes up again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from app import waiting_files
from app.accounts import factor_resets, retention
from app.db import passing, transaction
from app.events import unnoticed
from app.inbox import files as inbox_files
from app.inbox import mail_kept, sellers
from app.mail import letters
from app.merchants import once
from app.notices import sending as notices
from app.notifications import actions, forgetting, purging, ways
from app.notifications.sender import ChannelSender, Sender, first
from app.offline import answers
from app.orders import refund_sending
from app.returns import acknowledging, ageing, buying, files, goods_come, guests
from app.shipments import overdue, proofs, transit
from app.tracking import polling, received
from app.webhooks import actions as webhooks
from app.webhooks import sending as calls
from app.webhooks.caller import Caller

log = logging.getLogger(__name__)
Chore = Callable[[], Awaitable[object]]
# What is due; what is to be forgotten.
# Then what a shop's parcels usually take, and which of those under way are late; papers of withdrawals that were left undone.
CHORES: tuple[Chore, ...] = (
    factor_resets.carry_out,
    retention.forget,
    forgetting.forget,
    purging.purge,
    calls.forget,
    received.forget,
    answers.forget,
    proofs.forget,
    ageing.age,
    goods_come.come,
    files.forget,
    inbox_files.SHELF.forget,
    mail_kept.forget,
    polling.begin,
    transit.learn,
    sellers.measure,
    overdue.look,
    acknowledging.complete_all,
    guests.forget,
    once.forget,
    waiting_files.forget,
    notices.forget,
)
CHORES_EVERY = 15.0  # seconds
SOON = 3.0  # seconds: somebody looks at a page that says that it comes
LOOK_EVERY = 0.1  # seconds between two looks for events
BETWEEN_BITES = 0.05  # seconds in which others write
AFTER_A_FAULT = 2.0  # seconds: the database may be starting again
EVENTS_AT_ONCE = 100
PATIENCE = 5.0  # seconds for what is being sent when it is told to stop


class Worker:
    """`async with Worker():` works until the end of the block; what is being sent then is finished, if that is soon."""

    def __init__(self) -> None:
        self.stopping = asyncio.Event()
        self.senders: list[Sender] = [ChannelSender(channel, name, self.stopping) for name, channel in ways.open_ways().items()]
        self.senders.append(Caller(self.stopping))
        self.tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Worker":
        turns = [self._notice, _letters, _refunds, _labels, _notices, _chores, *(sender.turn for sender in self.senders)]
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
        await ways.close()

    def wake(self) -> None:
        """There may be something to be sent."""
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
                await first(self.stopping, wait)

    async def _notice(self) -> float:
        if not await unnoticed.waiting():
            return LOOK_EVERY
        if told := await notice():
            self.wake()
        return 0 if told == EVENTS_AT_ONCE else LOOK_EVERY


async def notice(most: int = EVENTS_AT_ONCE) -> int:
    """Tells of the oldest events; answers how many. Should they fail together, each is tried by itself, and what fails alone is
    put aside. A fault of the database is none of theirs: it is raised, and they are claimed again another time."""
    found: list[unnoticed.Heard] = []
    try:
        async with transaction():
            found = await unnoticed.claim(most)
            await _tell(found)
            return len(found)
    except Exception as error:
        if not found or passing(error):
            raise
        log.exception("%d events could not be told together", len(found))
    for event in found:
        await _alone(event)
    return len(found)


async def _alone(event: unnoticed.Heard) -> None:
    try:
        async with transaction():
            await _tell(await unnoticed.claim_one(event.id))
    except Exception as error:
        if passing(error):
            raise
        log.exception("the event %d (%s) could not be told", event.id, event.kind)
        await unnoticed.put_aside(event.id, f"{type(error).__name__}: {error}")


async def _tell(events: Sequence[unnoticed.Heard]) -> None:
    """All that hear of events, in one transaction with the claim."""
    await unnoticed.told_at_last([event.id for event in events])
    await webhooks.announce(events)
    await actions.notify(events)


async def _letters() -> float:
    """Those that were left when a process ended, or could not be sent at first. A slow mail server holds up no chore."""
    await letters.post()
    return CHORES_EVERY


async def _refunds() -> float:
    """What a payment provider is to give back. A slow one holds up nothing else."""
    asked = await refund_sending.send_due()
    return 0 if asked == refund_sending.AT_ONCE else CHORES_EVERY


async def _labels() -> float:
    """What is to be bought of a carrier for who sends something back."""
    return 0 if await buying.buy_due() == buying.AT_ONCE else SOON


async def _notices() -> float:
    """What merchants tell many of their customers."""
    return BETWEEN_BITES if await notices.send_due() else SOON


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
