"""Withdrawals whose goods may still come to their customer, which a chore looks for (app/returns/goods_come.py)."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-28T13:32:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "index of withdrawals whose goods are awaited"

WANTED = {"returns_goods_awaited": "returns (id) WHERE kind = 'withdrawal' AND state IN ('acknowledged', 'goods_due')"}


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
