"""One sign of each in a conversation."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-28T20:13:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "one sign each"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        await execute("CREATE UNIQUE INDEX IF NOT EXISTS desk_signs_once ON desk_signs (thread, member)")

    async def run_backwards() -> None:
        await execute("DROP INDEX IF EXISTS desk_signs_once")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
