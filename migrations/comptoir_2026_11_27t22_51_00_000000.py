"""Refunds that somebody at a desk still has something to do with."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-27T22:51:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "refunds that wait"

INDEXES = (("refunds_that_wait", "refunds (id) WHERE origin = 'counter' AND state <> 'succeeded'"),)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        for name, what in INDEXES:
            await execute(f"CREATE INDEX IF NOT EXISTS {name} ON {what}")

    async def run_backwards() -> None:
        for name, _what in INDEXES:
            await execute(f"DROP INDEX IF EXISTS {name}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
