"""A customer's returns, newest first; a merchant's; and what waits for its people, oldest deadline first."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-27T22:06:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes of returns"

WANTED = {
    "returns_of_customer": "(customer, id)",
    "returns_of_merchant": "(merchant, id)",
    "returns_waiting": "(merchant, due_at, id) WHERE waiting_on = 'seller'",
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        for name, columns in WANTED.items():
            await execute(f"CREATE INDEX IF NOT EXISTS {name} ON returns {columns}")

    async def run_backwards() -> None:
        for name in WANTED:
            await execute(f"DROP INDEX IF EXISTS {name}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
