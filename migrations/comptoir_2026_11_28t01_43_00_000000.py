"""What waits at a desk is counted in its index alone: with the very condition that the queue asks with, no row is read."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-28T01:43:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "the index of what waits at a desk"

BEFORE = "INDEX IF NOT EXISTS returns_waiting ON returns (merchant, due_at, id) WHERE waiting_on = 'seller'"
WANTED = BEFORE.replace("returns_waiting ", "returns_at_a_desk ") + " AND state <> 'unconfirmed'"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        await execute(f"CREATE {WANTED}")
        await execute("DROP INDEX IF EXISTS returns_waiting")

    async def run_backwards() -> None:
        await execute(f"CREATE {BEFORE}")
        await execute("DROP INDEX IF EXISTS returns_at_a_desk")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
