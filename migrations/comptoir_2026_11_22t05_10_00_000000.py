"""Indexes for what happened to an account: most events are of orders, and nobody's log is to be looked for among them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-22T05:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes of events without an order"

# What a customer's activity is read from, and the tries that are forgotten after a while (accounts/retention.py says
# their kinds in these very words: only then the engines use the index).
INDEXES = (
    ("events_of_an_account", "events (customer, id, kind)", '"order" IS NULL'),
    ("events_to_forget", "events (at)", "kind IN ('sign_in_failed', 'second_factor_failed', 'password_link_asked')"),
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
