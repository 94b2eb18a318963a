"""Whose browsers they are is asked for each piece of news."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-27T07:32:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "index of push subscriptions"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        await execute("CREATE INDEX IF NOT EXISTS push_subscriptions_of ON push_subscriptions (customer)")

    async def run_backwards() -> None:
        await execute("DROP INDEX IF EXISTS push_subscriptions_of")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
