"""Indexes of what is under way and of what arrived; where parcels that are kept already went to."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import ON_SQLITE, execute

ID = "2026-11-27T06:46:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes of arrivals, transit times and links; destinations"

INDEXES = (
    ("", "orders_arriving", "orders (customer, COALESCE(shipped_at, placed_at))", ""),
    ("", "orders_arrived", "orders (merchant, delivered_at)", "delivered_at IS NOT NULL"),
    ("UNIQUE ", "transit_times_once", "transit_times (merchant, carrier, destination)", ""),
)
COUNTRY = "json_extract({}, '$.country')" if ON_SQLITE else "(CAST({} AS json) ->> 'country')"
KEPT = 'SELECT o.shipping_address FROM orders o WHERE o.id = shipments."order"'

BACKFILL = "UPDATE shipments SET destination = COALESCE(upper(substr({}, 1, 2)), '') WHERE destination = ''"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        for unique, name, columns, rows in INDEXES:
            await execute(f"CREATE {unique}INDEX IF NOT EXISTS {name} ON {columns}" + (f" WHERE {rows}" if rows else ""))
        country = COUNTRY.replace("{}", f"({KEPT})")
        await execute(BACKFILL.replace("{}", country))

    async def run_backwards() -> None:
        for _unique, name, _columns, _rows in INDEXES:
            await execute(f"DROP INDEX IF EXISTS {name}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
