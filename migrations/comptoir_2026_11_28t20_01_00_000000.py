"""Nobody is told a notice twice; who still waits for one, and what is on its way, are found at once."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-28T20:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "finding notices and who waits for them"

INDEXES = (
    ("UNIQUE ", "notice_people_once", "notice_people (notice, customer)"),
    ("", "notice_people_waiting", "notice_people (notice, customer) WHERE state = 'waiting'"),
    ("", "notices_of_a_merchant", "notices (merchant, id)"),
    ("", "notices_on_their_way", "notices (state, scheduled_at) WHERE state IN ('scheduled', 'sending')"),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        for unique, name, what in INDEXES:
            await execute(f"CREATE {unique}INDEX IF NOT EXISTS {name} ON {what}")

    async def run_backwards() -> None:
        for _unique, name, _what in INDEXES:
            await execute(f"DROP INDEX IF EXISTS {name}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
