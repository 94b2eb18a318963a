"""Piccolo's PostgreSQL engine, whose transactions give their connection back whatever happens to the task."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from piccolo.engine.postgres import PostgresEngine, PostgresTransaction


class PooledTransaction(PostgresTransaction):
    """The stock one keeps its connection, and with it its locks, when BEGIN or COMMIT fails or the task is cancelled."""

    async def __aenter__(self) -> PostgresTransaction:
        if self._parent is not None:
            return self._parent
        self.connection = await self.get_connection()
        self.transaction = self.connection.transaction()
        try:
            await _to_the_end(self.begin())
        except asyncio.CancelledError:
            await _to_the_end(self._over(committing=False))
            raise
        except BaseException:
            await _to_the_end(self._give_back())
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
        finally:
            await self._give_back()

    async def _give_back(self) -> None:
        """The pool rolls back what is still open before anybody else has the connection."""
        if self.engine.pool:
            await self.engine.pool.release(self.connection)
        else:
            await self.connection.close()


async def _to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Whoever waits may be cancelled meanwhile; they go when the work is done. asyncpg keeps a transaction for open whose
    BEGIN or COMMIT was cancelled on the way."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


class PooledPostgresEngine(PostgresEngine):
    def transaction(self, allow_nested: bool = True) -> PooledTransaction:
        return PooledTransaction(self, allow_nested)
