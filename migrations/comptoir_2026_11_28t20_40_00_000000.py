"""What has become of an order, by time: its page must not look for it among all that was said about it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-28T20:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "index of what has become of an order"

# In the very words of app/events/of_order.py: only then the engines use it.
ITSELF = "kind NOT LIKE 'message%' AND kind NOT LIKE 'thread%' AND kind NOT LIKE 'review%'"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        await execute(f'CREATE INDEX IF NOT EXISTS events_of_order ON events ("order", at, id) WHERE {ITSELF}')

    async def run_backwards() -> None:
        await execute("DROP INDEX IF EXISTS events_of_order")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
