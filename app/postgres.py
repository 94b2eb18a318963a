"""Piccolo's PostgreSQL engine, whose transactions give their connection back whatever happens to the task, and which keeps
connections at hand: taking one from asyncpg's pool and giving it back costs as much CPU as a small query."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

from asyncpg import InterfaceError, InternalClientError, PostgresError, exceptions
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction

# What a connection that is lost, or cannot be made, raises.
LOST = (OSError, PostgresError, InterfaceError)
# What says nothing of the statement: the connection was lost under it, another transaction was in its way, there was no room.
PASSING = (
    ConnectionError, TimeoutError, InternalClientError, exceptions.PostgresConnectionError, exceptions.TransactionRollbackError,
    exceptions.AdminShutdownError, exceptions.CrashShutdownError, exceptions.CannotConnectNowError,
    exceptions.TooManyConnectionsError, exceptions.DiskFullError,
)  # fmt: skip


def passing(error: Exception) -> bool:
    """After a connection is lost, what is raised in the end is that it cannot be rolled back: an InterfaceError, as also for
    arguments that do not fit."""
    return isinstance(error, PASSING) or (isinstance(error, InterfaceError) and "connection" in str(error))


class PooledTransaction(PostgresTransaction):
    """The stock one keeps its connection, and with it its locks, when BEGIN or COMMIT fails or the task is cancelled."""

    engine: "PooledPostgresEngine"

    async def __aenter__(self) -> PostgresTransaction:
        if self._parent is not None:
            return self._parent
        self.connection = await self.engine.connection()
        self.transaction = self.connection.transaction()
        try:
            await _to_the_end(self.begin())
        except asyncio.CancelledError:
            await _to_the_end(self._over(committing=False))
            raise
        except BaseException:
            await _to_the_end(self.engine.give_up(self.connection))
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(self, exception_type: Any, exception: Any, traceback: Any) -> bool:
        if self._parent is None:
            self.engine.current_transaction.reset(self.context)
            await _to_the_end(self._over(committing=exception is None))
        return exception is None

    async def _over(self, *, committing: bool) -> None:
        try:
            await (self.commit() if committing else self.rollback())
        except BaseException:
            await self.engine.give_up(self.connection)
            raise
        await self.engine.give_back(self.connection)


async def _to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Whoever waits may be cancelled meanwhile; they go when the work is done. asyncpg keeps a transaction for open whose
    BEGIN or COMMIT was cancelled on the way."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def _open(connection: Any) -> bool:
    """The pool takes a connection back by itself when the server has ended it; nothing may be asked of it then."""
    try:
        return not connection.is_closed()
    except InterfaceError:
        return False


class PooledPostgresEngine(PostgresEngine):
    __slots__ = ("at_hand", "closing", "waiting")  # as the stock engine has them

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.at_hand: list[Any] = []  # connections of the pool that nobody uses just now
        self.waiting = 0  # tasks that the pool has to serve
        self.closing = False

    def transaction(self, allow_nested: bool = True) -> PooledTransaction:
        return PooledTransaction(self, allow_nested)

    async def connection(self) -> Any:
        """To be given back, or given up after a failure."""
        if self.pool is None:
            return await self.get_new_connection()
        while self.at_hand:
            if _open(connection := self.at_hand.pop()):
                return connection
        self.waiting += 1
        try:
            return await self.pool.acquire()
        finally:
            self.waiting -= 1

    async def give_back(self, connection: Any) -> None:
        if self.pool is None or self.waiting or self.closing:
            await self.give_up(connection)
        else:
            self.at_hand.append(connection)

    async def give_up(self, connection: Any) -> None:
        """Whatever it was doing: the pool waits until a cancelled query is over, and rolls back what is open."""
        if self.pool is None:
            await connection.close()
        else:
            await self.pool.release(connection)

    async def close_connection_pool(self) -> None:
        """Waits for connections that are in use."""
        self.closing = True
        try:
            while self.at_hand:
                await self.give_up(self.at_hand.pop())
            await super().close_connection_pool()
        finally:
            self.closing = False

    async def _run_in_pool(self, query: str, args: Sequence[Any] | None = None) -> Any:
        connection = await self.connection()
        try:
            found = await connection.fetch(query, *(args or ()))
        except BaseException:
            await _to_the_end(self.give_up(connection))
            raise
        await self.give_back(connection)
        return found
