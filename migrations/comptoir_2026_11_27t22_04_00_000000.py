"""Piccolo hears of the columns that a statement of our own has dropped (16:05): else every new migration would drop them again.

They are there once more, empty, for as long as this takes.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-27T22:04:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "columns of answers that are gone"

GONE = {
    "status": "INTEGER NOT NULL DEFAULT 0",
    "media_type": "VARCHAR(100) NOT NULL DEFAULT ''",
    "body": "TEXT NOT NULL DEFAULT ''",
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        for name, made in GONE.items():
            await execute(f"ALTER TABLE kept_answers ADD COLUMN {name} {made}")

    manager.add_raw(run)
    for name in GONE:
        manager.drop_column("KeptAnswer", "kept_answers", name, name)
    return manager
