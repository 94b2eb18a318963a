"""Of parcels reported missing before that was kept: the seller was told, where there was somebody to tell."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-27T10:21:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "who was told of parcels reported missing before"

TOLD = """
UPDATE shipments SET missing_told = 'seller' WHERE missing_at IS NOT NULL AND "order" IN (
  SELECT o.id FROM orders o JOIN merchants m ON m.id = o.merchant
  WHERE m.email <> '' OR EXISTS (SELECT 1 FROM members mb WHERE mb.merchant = m.id AND mb.role = 'owner')
)
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        await execute(TOLD)

    async def run_backwards() -> None:
        """The column goes as a whole."""

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
