"""What a desk was told of a page is found by that page's address, when a conversation is purged."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-28T20:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "notifications of desks by address"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        await execute("CREATE INDEX IF NOT EXISTS notifications_of_desks ON notifications (url) WHERE topic = 'desk'")

    async def run_backwards() -> None:
        await execute("DROP INDEX IF EXISTS notifications_of_desks")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
