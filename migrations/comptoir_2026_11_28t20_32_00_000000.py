"""How many mails a desk has not got is counted from those alone."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-28T20:32:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "mails that did not land"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        await execute("CREATE INDEX IF NOT EXISTS mails_in_refused ON mails_in (merchant, at) WHERE state = 'refused'")

    async def run_backwards() -> None:
        await execute("DROP INDEX IF EXISTS mails_in_refused")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
