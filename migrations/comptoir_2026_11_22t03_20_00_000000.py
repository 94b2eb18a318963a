"""Indexes of the tables for codes by telephone and for resets (raw statements run before a file's own tables)."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-22T03:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes of codes by telephone and of resets"

INDEXES = (("phone_codes_of_a_customer", "phone_codes"), ("factor_resets_of_a_customer", "factor_resets"))


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        for name, table in INDEXES:
            await execute(f"CREATE INDEX IF NOT EXISTS {name} ON {table} (customer)")

    async def run_backwards() -> None:
        for name, _table in INDEXES:
            await execute(f"DROP INDEX IF EXISTS {name}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
