"""Orders look for whom an old address belonged to (raw statements run before a file's own tables)."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-22T04:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "index of changed e-mail addresses"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        await execute("CREATE INDEX IF NOT EXISTS email_changes_from ON email_changes (old_email)")

    async def run_backwards() -> None:
        await execute("DROP INDEX IF EXISTS email_changes_from")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
