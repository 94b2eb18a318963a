"""Bringing the database's tables up to date; safe when several processes start at once."""

import asyncio
import contextlib
import fcntl
import io
import os
from collections.abc import AsyncIterator

from piccolo.engine.sqlite import SQLiteEngine

from app.db import ENGINE

LOCK_KEY = 7_263_000_1  # any number of ours, the same in every process


class NotMigrated(Exception):
    """A migration failed; the message is Piccolo's."""


async def migrate() -> str:
    """Runs what has not run yet and answers what was done. Piccolo's tools load only here: they are slow to import."""
    os.environ["PICCOLO_CONF"] = "app.piccolo_conf"
    from piccolo.apps.migrations.commands.forwards import run_forwards

    async with _alone():
        with contextlib.redirect_stdout(io.StringIO()) as said:
            result = await run_forwards("all")
    if not result.success:
        raise NotMigrated(result.message or said.getvalue())
    return said.getvalue()


@contextlib.asynccontextmanager
async def _alone() -> AsyncIterator[None]:
    """Without the lock, two first starts on PostgreSQL both create the tables and one dies."""
    if isinstance(ENGINE, SQLiteEngine):
        with open(f"{ENGINE.path}.migrating", "w") as file:  # noqa: ASYNC230 - before anything is served
            await asyncio.to_thread(fcntl.flock, file, fcntl.LOCK_EX)
            yield
    else:
        connection = await ENGINE.get_new_connection()
        try:
            await connection.execute("SELECT pg_advisory_lock($1)", LOCK_KEY)
            yield
        finally:
            await connection.close()
