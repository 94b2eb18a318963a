"""Of answers to changes that may be sent again only where they led; found by their customers, who keep so many."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-27T16:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "answers without what they showed"

GONE = {
    "status": "INTEGER NOT NULL DEFAULT 0",
    "media_type": "VARCHAR(100) NOT NULL DEFAULT ''",
    "body": "TEXT NOT NULL DEFAULT ''",
}
INDEX = "kept_answers_of_customer"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        for name in GONE:
            await execute(f"ALTER TABLE kept_answers DROP COLUMN {name}")
        await execute(f"CREATE INDEX IF NOT EXISTS {INDEX} ON kept_answers (customer, id)")

    async def run_backwards() -> None:
        await execute(f"DROP INDEX IF EXISTS {INDEX}")
        for name, made in GONE.items():
            await execute(f"ALTER TABLE kept_answers ADD COLUMN {name} {made}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
