"""What is due at an endpoint is found without reading what is due at the others: in place of the index of all that is due."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-27T10:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "index of what is due at an endpoint"

NEW, COLUMNS = "webhook_deliveries_of_endpoint", "endpoint, next_try_at, id"
OLD, OLD_COLUMNS = "webhook_deliveries_due", "next_try_at"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        await _replace(OLD, NEW, COLUMNS)

    async def run_backwards() -> None:
        await _replace(NEW, OLD, OLD_COLUMNS)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager


async def _replace(old: str, new: str, columns: str) -> None:
    await execute(f"CREATE INDEX IF NOT EXISTS {new} ON webhook_deliveries ({columns}) WHERE state = 'waiting'")
    await execute(f"DROP INDEX IF EXISTS {old}")
