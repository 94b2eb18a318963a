"""Piccolo's SQLite engine on connections that stay open: reader threads, and one writer behind a FIFO lock.

The stock engine opens a connection and a thread for every query; under 50 writers it ends in "database is locked".
"""

import asyncio
import sqlite3
import threading
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from piccolo.engine.sqlite import SQLiteEngine, SQLiteTransaction, TransactionType

# Piccolo's own go through Decimal and dateutil, once a cell; SQLite answers integers by itself.
for name in ("INTEGER", "BIGINT"):
    sqlite3.converters.pop(name, None)
sqlite3.register_converter("TIMESTAMPTZ", lambda text: datetime.fromisoformat(text.decode()))

PRAGMAS = (
    "journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=10000", "foreign_keys=ON",
    "secure_delete=ON",  # what is deleted is not to be read in the file; Debian's SQLite does so by itself
    "cache_size=-16000", "temp_store=MEMORY", "mmap_size=268435456",
)  # fmt: skip

# The primary result codes of what says nothing of the statement: another process writes, the disk is full or fails.
PASSING = (
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN,
)  # fmt: skip

Rows = list[dict[str, Any]]


def passing(error: Exception) -> bool:
    return isinstance(error, sqlite3.OperationalError) and getattr(error, "sqlite_errorcode", 0) & 0xFF in PASSING


class Writer:
    """What a transaction needs of a connection: its calls run on the writer thread, in order, the small ones where they are."""

    def __init__(self, engine: "PooledSQLiteEngine", lock: asyncio.Lock) -> None:
        self.engine, self.lock, self.open = engine, lock, True

    async def execute(self, sql: str, args: Sequence[Any] = ()) -> Rows:
        if not self.open:
            raise RuntimeError("the transaction is over; a task spawned inside it kept its context")
        return await self.engine.call(self.engine.write_threads, self.engine.write, sql, args)

    def at_once(self, sql: str, args: Sequence[Any]) -> Rows:
        """On the event loop itself, while the writer thread has nothing to do: a statement that touches a few rows by their
        keys takes less time than its hand-over to a thread and back. The lock is held, so there is nothing to wait for."""
        if not self.open:
            raise RuntimeError("the transaction is over; a task spawned inside it kept its context")
        return _fetched(self.engine.writing, sql, args)

    async def close(self) -> None:
        if self.open:
            self.open = False
            # Queued behind a statement that may still run: the lock is free only when the connection is clean.
            reset = self.engine.call(self.engine.write_threads, self.engine.reset)
            reset.add_done_callback(lambda _: self.lock.release())
            await asyncio.shield(reset)


def _fetched(connection: sqlite3.Connection, sql: str, args: Sequence[Any]) -> Rows:
    cursor = connection.execute(sql, args)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row)) for row in cursor.fetchall()]  # noqa: B905 - as many names as columns


class PooledTransaction(SQLiteTransaction):
    """The stock one leaks its connection when BEGIN or COMMIT fails or the task is cancelled."""

    async def __aenter__(self) -> SQLiteTransaction:
        try:
            return await super().__aenter__()
        except BaseException:
            if (writer := getattr(self, "connection", None)) is not None:
                await writer.close()
            raise

    async def __aexit__(self, *exception: Any) -> bool:
        try:
            return await super().__aexit__(*exception)
        except BaseException:
            if self._parent is None and self.connection.open:
                self.engine.current_transaction.reset(self.context)
                await self.connection.close()
            raise


class PooledSQLiteEngine(SQLiteEngine):
    __slots__ = ("connections", "local", "locks", "read_threads", "write_threads", "writing")

    def __init__(self, path: str, readers: int = 3) -> None:
        super().__init__(path=path, check_same_thread=False, timeout=10, cached_statements=512)
        self._open(readers)

    def _open(self, readers: int = 3) -> None:
        self.local = threading.local()
        self.locks: weakref.WeakKeyDictionary[Any, asyncio.Lock] = weakref.WeakKeyDictionary()
        self.connections: list[sqlite3.Connection] = []
        self.read_threads = ThreadPoolExecutor(readers, "sqlite-read")
        self.write_threads = ThreadPoolExecutor(1, "sqlite-write")

    def fetch(self, sql: str, args: Sequence[Any] = ()) -> Rows:
        """Run in the calling thread, on that thread's own connection."""
        return _fetched(self._connection(), sql, args)

    def write(self, sql: str, args: Sequence[Any] = ()) -> Rows:
        """The same on the writer thread, whose connection is then known to `Writer.at_once`."""
        self.writing = self._connection()
        return _fetched(self.writing, sql, args)

    def reset(self) -> None:
        if (connection := self._connection()).in_transaction:
            connection.rollback()

    def call(self, threads: ThreadPoolExecutor, function: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        return asyncio.get_running_loop().run_in_executor(threads, function, *args)

    def _connection(self) -> sqlite3.Connection:
        connection = getattr(self.local, "connection", None)
        if connection is None:
            connection = self.local.connection = sqlite3.connect(**self.connection_kwargs)
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            self.connections.append(connection)
        return connection

    def _lock(self) -> asyncio.Lock:
        return self.locks.setdefault(asyncio.get_running_loop(), asyncio.Lock())

    async def get_connection(self) -> Any:
        lock = self._lock()
        await lock.acquire()
        return Writer(self, lock)

    async def _run_in_existing_connection(  # type: ignore[override]
        self, connection: Any, query: str, args: Any = None, **_: Any
    ) -> Rows:
        return await connection.execute(query, args or ())

    async def _run_in_new_connection(self, query: str, args: Any = None, **_: Any) -> Rows:  # type: ignore[override]
        if query.lstrip()[:6].upper() == "SELECT":
            return await self.call(self.read_threads, self.fetch, query, args or ())
        async with self._lock():
            return await self.call(self.write_threads, self.fetch, query, args or ())

    def transaction(
        self, transaction_type: TransactionType = TransactionType.immediate, allow_nested: bool = True
    ) -> PooledTransaction:
        return PooledTransaction(self, transaction_type, allow_nested)

    async def start_connection_pool(self, **_: Any) -> None:
        """Connections open by themselves, one a thread."""

    async def close_connection_pool(self) -> None:
        for threads in (self.read_threads, self.write_threads):
            threads.shutdown(wait=True)
        for connection in self.connections:
            connection.close()
        self._open()
