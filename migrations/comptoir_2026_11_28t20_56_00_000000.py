"""Why somebody writes is counted from the report's index alone, as all of its numbers."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-28T20:56:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "reasons, counted from the index"
BEFORE = "merchant, created_at, kind, first_reply_at, closed_at, id"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        await execute("DROP INDEX IF EXISTS threads_begun")
        await execute(f"CREATE INDEX threads_begun ON threads ({BEFORE}, reason)")

    async def run_backwards() -> None:
        await execute("DROP INDEX IF EXISTS threads_begun")
        await execute(f"CREATE INDEX threads_begun ON threads ({BEFORE})")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
