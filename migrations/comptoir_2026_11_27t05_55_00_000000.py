"""Indexes of scans, notifications and deliveries. What had happened before there were notices is news to nobody."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-27T05:55:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes of scans, notifications, deliveries"

INDEXES = (
    ("UNIQUE ", "scans_once", "scans (shipment, external_id)", ""),
    ("", "events_unnoticed", "events (id)", "noticed_at IS NULL"),
    ("UNIQUE ", "notifications_once", "notifications (event, customer)", ""),
    ("", "notifications_newest", "notifications (customer, id)", ""),
    ("", "notifications_unread", "notifications (customer)", "read_at IS NULL"),
    ("UNIQUE ", "deliveries_once", "deliveries (notification, channel, target)", ""),
    ("", "deliveries_due", "deliveries (next_try_at)", "state = 'waiting'"),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        for unique, name, columns, rows in INDEXES:
            await execute(f"CREATE {unique}INDEX IF NOT EXISTS {name} ON {columns}" + (f" WHERE {rows}" if rows else ""))
        await execute("UPDATE events SET noticed_at = recorded_at WHERE noticed_at IS NULL")

    async def run_backwards() -> None:
        for _unique, name, _columns, _rows in INDEXES:
            await execute(f"DROP INDEX IF EXISTS {name}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
