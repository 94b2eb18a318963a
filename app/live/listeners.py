"""One open stream. What it is to be told is replaced and never queued: who reads slowly hears the newest, and only that."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

# Bytes for the browser, and whether more will follow.
Write = Callable[[bytes, bool], Awaitable[None]]
HEARTBEAT = b":\n\n"  # a comment: proxies cut connections on which nothing is said, and a browser that is gone is found out
# No more is to be expected here: the browser is not to come again by itself.
OVER = b"event: over\ndata:\n\n"


class State(NamedTuple):
    """Columns of `Customer`."""

    revision: int
    unread: int
    desks: str = ""
    unread_threads: int = 0

    def event(self) -> bytes:
        desks = f',"desks":{self.desks}'.encode() if self.desks else b""
        said = (self.revision, self.revision, self.unread, self.unread_threads, desks)
        return b'id: %d\nevent: counter\ndata: {"revision":%d,"unread":%d,"threads":%d%b}\n\n' % said


class Listener:
    """`session` is the hash of its session's token, `slot` the second of the heartbeat's round at which it is looked after."""

    __slots__ = ("beating", "customer", "ending", "newest", "session", "slot", "told", "write", "writing")

    def __init__(self, customer: int, session: str, write: Write, known: State) -> None:
        """`known` is what the stream's beginning has said."""
        self.customer, self.session, self.write = customer, session, write
        self.newest = self.told = known
        self.slot = 0
        self.beating = False
        self.ending: bytes | None = None
        self.writing: asyncio.Task[None] | None = None

    def tell(self, state: State) -> None:
        self.newest = state
        self._write()

    def beat(self) -> None:
        self.beating = True
        self._write()

    def end(self, words: bytes = OVER) -> None:
        """Its last words; the stream's own task ends when they are written."""
        self.ending = words
        self._write()

    def _write(self) -> None:
        if self.writing is None and (self.ending is not None or self.beating or self.newest != self.told):
            self.writing = asyncio.create_task(self._write_all())

    async def _write_all(self) -> None:
        """A browser that takes nothing just now is waited for here, and by nobody else."""
        try:
            while (words := self._next()) is not None:
                await self.write(words, True)
            if self.ending is not None:
                await self.write(self.ending, False)
                return  # and stays `writing`: nothing is said after the last words
        except OSError:  # the browser is gone
            return
        self.writing = None

    def _next(self) -> bytes | None:
        """What is to be written now, if anything but an end."""
        if self.ending is not None:
            return None
        beating, self.beating = self.beating, False
        if self.newest != self.told:
            self.told = self.newest
            return self.told.event()
        return HEARTBEAT if beating else None
