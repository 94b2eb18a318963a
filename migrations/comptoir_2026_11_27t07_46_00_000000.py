"""Indexes of webhooks: an event goes to an endpoint once; what is due, and an endpoint's log, are found at once."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-27T07:46:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes of webhooks"

INDEXES = (
    ("UNIQUE ", "webhook_deliveries_once", "webhook_deliveries (endpoint, event)", ""),
    ("", "webhook_deliveries_newest", "webhook_deliveries (endpoint, id)", ""),
    ("", "webhook_deliveries_due", "webhook_deliveries (next_try_at)", "state = 'waiting'"),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        for unique, name, columns, rows in INDEXES:
            await execute(f"CREATE {unique}INDEX IF NOT EXISTS {name} ON {columns}" + (f" WHERE {rows}" if rows else ""))

    async def run_backwards() -> None:
        for _unique, name, _columns, _rows in INDEXES:
            await execute(f"DROP INDEX IF EXISTS {name}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
