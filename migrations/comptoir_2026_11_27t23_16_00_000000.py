"""A source's return is one row, an idempotency key one answer; a merchant's returns in the order in which they changed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-27T23:16:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes of sources' returns and answers to programs"

INDEXES = (
    ("UNIQUE", "returns_of_source", "returns (merchant, external_id) WHERE external_id <> ''"),
    ("UNIQUE", "program_answers_once", "program_answers (api_key, key)"),
    ("", "returns_as_changed", "returns (merchant, changed_at, id)"),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        for unique, name, what in INDEXES:
            await execute(f"CREATE {unique} INDEX IF NOT EXISTS {name} ON {what}")

    async def run_backwards() -> None:
        for _unique, name, _what in INDEXES:
            await execute(f"DROP INDEX IF EXISTS {name}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
