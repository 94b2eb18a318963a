"""What the chores of withdrawals look for: those that nobody has confirmed, and those without their paper."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-27T22:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes of withdrawals"

WANTED = {
    "withdrawals_unconfirmed": "(created_at) WHERE state = 'unconfirmed'",
    "withdrawals_without_paper": "(id) WHERE kind = 'withdrawal' AND receipt = '' AND state <> 'unconfirmed'",
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
