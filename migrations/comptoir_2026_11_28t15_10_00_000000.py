"""Conversations are found by kind and age: those whose time is up are purged."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-28T15:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "finding conversations whose time is up"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        await execute("CREATE INDEX IF NOT EXISTS threads_by_age ON threads (kind, last_at, id)")

    async def run_backwards() -> None:
        await execute("DROP INDEX IF EXISTS threads_by_age")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
