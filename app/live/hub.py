"""Who listens in this process, and the one place where the newest is asked for: never twice at once, for all who are due."""

import asyncio
import logging
import resource
from collections.abc import Iterable

from app import clock, db
from app.live.listeners import OVER, Listener, State

log = logging.getLogger(__name__)
EACH = 12  # open streams of one customer; a browser needs one, however many tabs it has
MOST = 5_000  # of one process
ROUND = 25  # seconds: so often every stream gets a heartbeat, and it is looked whether its session is still good
AT_ONCE = 300  # sessions asked about in one query
FEW = 20  # sessions about which SQLite is asked on the event loop itself
LONGEST_WAIT = 5  # seconds until a database that does not answer is asked again

SESSIONS = """
SELECT s.token_hash, c.revision, c.unread, c.desks, c.unread_threads FROM sessions s JOIN customers c ON c.id = s.customer
WHERE s.token_hash IN ({marks}) AND s.expires_at > {{}} AND c.locked_at IS NULL
"""


class Hub:
    def __init__(self) -> None:
        self.people: dict[int, dict[Listener, None]] = {}  # customer → their streams, the oldest first
        self.due: set[Listener] = set()
        self.wake = asyncio.Event()  # somebody is due
        self.somebody = asyncio.Event()  # somebody listens
        self.opened = self.count = 0
        self.closed = False

    @property
    def full(self) -> bool:
        """Whether one more stream would be too many: for this process, or for the files it may have open."""
        files, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        allowed = MOST if files == resource.RLIM_INFINITY else min(MOST, files * 3 // 4)
        return self.closed or self.count >= allowed

    def add(self, listener: Listener) -> None:
        """It is looked after at once: between its first words and now, something may have changed."""
        streams = self.people.setdefault(listener.customer, {})
        if len(streams) >= EACH:
            self.end(next(iter(streams)))
            streams = self.people.setdefault(listener.customer, {})
        streams[listener] = None
        self.opened += 1
        self.count += 1
        listener.slot = self.opened % ROUND
        self.somebody.set()
        self.ask((listener,))

    def end(self, listener: Listener, words: bytes = OVER) -> None:
        self.remove(listener)
        listener.end(words)

    def remove(self, listener: Listener) -> None:
        """Also of one that was ended before."""
        streams = self.people.get(listener.customer, {})
        if listener not in streams:
            return
        del streams[listener]
        self.due.discard(listener)
        self.count -= 1
        if not streams:
            del self.people[listener.customer]
        if not self.people:
            self.somebody.clear()

    def changed(self, customer: int) -> None:
        """Something of theirs has changed, or one of their sessions is over."""
        if streams := self.people.get(customer):
            self.ask(streams)

    def ask_all(self) -> None:
        """Nobody knows what has changed."""
        self.ask(self._all())

    def beat(self, second: int) -> None:
        """A heartbeat for those whose turn it is."""
        turn = [listener for listener in self._all() if listener.slot == second % ROUND]
        for listener in turn:
            listener.beat()
        self.ask(turn)

    def close(self) -> None:
        """The server stops: browsers are to come again by themselves, to whoever serves then."""
        self.closed = True
        for listener in self._all():
            self.end(listener, b"")

    def ask(self, listeners: Iterable[Listener]) -> None:
        self.due.update(listeners)
        if self.due:
            self.wake.set()

    async def answer(self) -> None:
        """For ever: asks the newest for all who are due. What comes due meanwhile waits for the next time."""
        wait = 0.1
        while True:
            await self.wake.wait()
            self.wake.clear()
            due, self.due = list(self.due), set()
            try:
                for start in range(0, len(due), AT_ONCE):
                    await self._tell_newest(due[start : start + AT_ONCE])
                wait = 0.1
            except Exception:
                log.warning("the newest could not be asked for; it will be", exc_info=wait <= 0.1)
                self.ask(listener for listener in due if listener in self.people.get(listener.customer, ()))
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)

    async def _tell_newest(self, listeners: list[Listener]) -> None:
        """Whose session is not there any more, or over, or whose account is locked, is told nothing more."""
        ask = db.rows if len(listeners) <= FEW else db.scan
        sessions = [listener.session for listener in listeners]
        found = await ask(SESSIONS.format(marks=db.marks(len(sessions))), *sessions, clock.now())
        states = {row["token_hash"]: _state(row) for row in found}
        for listener in listeners:
            if state := states.get(listener.session):
                listener.tell(state)
            else:
                self.end(listener)

    def _all(self) -> list[Listener]:
        return [listener for streams in self.people.values() for listener in streams]


def _state(row: db.Row) -> State:
    return State(row["revision"], row["unread"], row["desks"], row["unread_threads"])


hub = Hub()
