"""Of each choice there is one; what is due of one channel is found without the others'."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-27T07:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes of preferences and of what is due by channel"

INDEXES = (
    ("UNIQUE ", "preferences_once", "preferences (customer, topic, channel)", ""),
    ("", "deliveries_due_by_channel", "deliveries (channel, next_try_at)", "state = 'waiting'"),
    ("", "deliveries_given_up", "deliveries (id)", "state = 'failed'"),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        for unique, name, columns, rows in INDEXES:
            await execute(f"CREATE {unique}INDEX IF NOT EXISTS {name} ON {columns}" + (f" WHERE {rows}" if rows else ""))
        await execute("DROP INDEX IF EXISTS deliveries_due")

    async def run_backwards() -> None:
        await execute("CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (next_try_at) WHERE state = 'waiting'")
        for _unique, name, _columns, _rows in INDEXES:
            await execute(f"DROP INDEX IF EXISTS {name}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
