"""Threads are counted by when they began: a desk's report reads this index alone, and no message."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-28T15:21:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "threads by when they began"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        columns = "merchant, created_at, kind, first_reply_at, closed_at, id"
        await execute(f"CREATE INDEX IF NOT EXISTS threads_begun ON threads ({columns})")

    async def run_backwards() -> None:
        await execute("DROP INDEX IF EXISTS threads_begun")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
