"""Indexes of tracking: a sender once a merchant, a message once, a poll once a parcel; parcels under way are found at once."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-27T06:21:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes of tracking"

UNDER_WAY = "state = 'dispatched' AND tracking_number <> '' AND status NOT IN ('delivered', 'returned_to_sender', 'cancelled')"
INDEXES = (
    ("UNIQUE ", "tracking_sources_once", "tracking_sources (merchant, source)", ""),
    ("UNIQUE ", "tracking_messages_once", "tracking_messages (source, external_id)", ""),
    ("", "tracking_messages_oldest", "tracking_messages (received_at)", ""),
    ("UNIQUE ", "tracking_polls_once", "tracking_polls (shipment)", ""),
    ("UNIQUE ", "carrier_accounts_once", "carrier_accounts (name)", ""),
    ("", "shipments_under_way", "shipments (id)", UNDER_WAY),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        for unique, name, columns, rows in INDEXES:
            await execute(f"CREATE {unique}INDEX IF NOT EXISTS {name} ON {columns}" + (f" WHERE {rows}" if rows else ""))

    async def run_backwards() -> None:
        for _unique, name, _columns, _rows in INDEXES:
            await execute(f"DROP INDEX IF EXISTS {name}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
