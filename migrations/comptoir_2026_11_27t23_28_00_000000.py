"""What a return holds, what of an order is in returns, and a merchant's newest rules are found without reading all there is."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-27T23:28:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes of the lines and photos of returns"

WANTED = {
    "return_lines_of_return": "return_lines (of_return)",
    "return_lines_of_order": 'return_lines ("order")',
    "return_files_of_return": "return_files (of_return)",
    "return_rules_of_merchant": "return_rules (merchant, id)",
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        for name, columns in WANTED.items():
            await execute(f"CREATE INDEX IF NOT EXISTS {name} ON {columns}")

    async def run_backwards() -> None:
        for name in WANTED:
            await execute(f"DROP INDEX IF EXISTS {name}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
