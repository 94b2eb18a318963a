"""What the chore of returns looks for besides: granted claims whose goods were never sent back."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-28T03:14:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "index of claims whose goods do not come"

WANTED = {
    "returns_goods_missing": "returns (send_by) WHERE kind = 'claim' AND state = 'approved' AND waiting_on = 'buyer'",
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
