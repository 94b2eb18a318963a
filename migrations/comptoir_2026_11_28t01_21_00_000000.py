"""One parcel and one label a return; labels that are still to be bought or given back are found at once. What has come back
already is counted on the lines of its order."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-28T01:21:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes of the way back, and what has come back so far"

WANTED = {
    "shipments_of_a_return": "UNIQUE INDEX IF NOT EXISTS shipments_of_a_return ON shipments (of_return) "
    "WHERE of_return IS NOT NULL",
    "return_labels_once": "UNIQUE INDEX IF NOT EXISTS return_labels_once ON return_labels (of_return)",
    "return_labels_due": "INDEX IF NOT EXISTS return_labels_due ON return_labels (next_at) WHERE state IN ('wanted', 'unused')",
}
COUNTED = """
UPDATE order_lines SET returned_quantity = (
  SELECT COALESCE(SUM(l.sound + l.damaged), 0) FROM return_lines l WHERE l.line = order_lines.id)
WHERE id IN (SELECT line FROM return_lines WHERE sound + damaged > 0)
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        for index in WANTED.values():
            await execute(f"CREATE {index}")
        await execute(COUNTED)

    async def run_backwards() -> None:
        for name in WANTED:
            await execute(f"DROP INDEX IF EXISTS {name}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
