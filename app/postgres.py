"""Piccolo's PostgreSQL engine, whose transactions give their connection back whatever happens to the task."""

import asyncio
from typing import Any

from piccolo.engine.postgres import PostgresEngine, PostgresTransaction


class PooledTransaction(PostgresTransaction):
    """The stock one keeps its connection, and with it its locks, when BEGIN or COMMIT fails or the task is cancelled."""

    async def __aenter__(self) -> PostgresTransaction:
        if self._parent is not None:
            return self._parent
        self.connection = await self.get_connection()
        try:
            self.transaction = self.connection.transaction()
            await self.begin()
        except BaseException:
            await asyncio.shield(self._give_back())
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(self, exception_type: Any, exception: Any, traceback: Any) -> bool:
        if self._parent is not None:
            return exception is None
        try:
            await (self.rollback() if exception else self.commit())
        finally:
            self.engine.current_transaction.reset(self.context)
            await asyncio.shield(self._give_back())
        return exception is None

    async def _give_back(self) -> None:
        """The pool rolls back what is still open before anybody else has the connection."""
        if self.engine.pool:
            await self.engine.pool.release(self.connection)
        else:
            await self.connection.close()


class PooledPostgresEngine(PostgresEngine):
    def transaction(self, allow_nested: bool = True) -> PooledTransaction:
        return PooledTransaction(self, allow_nested)
