"""The index that the look for late parcels walks along: its name was another's, and so it was never made."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-27T08:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes of parcels that may be late and of proofs of delivery"

INDEXES = (
    ("shipments_awaited", "shipments (shipped_at, id)", "delivered_at IS NULL AND overdue_at IS NULL"),
    ("shipments_with_photo", "shipments (proof_photo)", "proof_photo <> ''"),
    ("shipments_with_signature", "shipments (proof_signature)", "proof_signature <> ''"),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        for name, columns, rows in INDEXES:
            await execute(f"CREATE INDEX IF NOT EXISTS {name} ON {columns} WHERE {rows}")

    async def run_backwards() -> None:
        for name, _columns, _rows in INDEXES:
            await execute(f"DROP INDEX IF EXISTS {name}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
