"""What the chore of returns looks for: those that were never sent back, and those whose money is long settled."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-27T23:46:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes of what time does to returns"

WANTED = {
    "returns_never_sent": "returns (send_by) WHERE kind = 'return' AND state IN ('approved', 'label_issued')",
    "returns_to_close": "returns (settled_at) WHERE state IN ('refunded', 'exchanged', 'credited', 'resolved')",
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
