"""What a customer has at one shop: the newest orders there, and what came back within a year."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-28T01:42:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes of what a customer has at one shop"

WANTED = {
    "orders_of_customer_at_shop": "orders (customer, merchant, placed_at DESC, id DESC, currency, state, total)",
    "returns_of_customer_at_shop": "returns (customer, merchant, created_at)",
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
