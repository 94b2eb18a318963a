"""Compound indexes: Piccolo runs raw statements before a file's own tables, so they have a file of their own."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import ON_SQLITE, execute

ID = "2026-11-21T09:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes"

UNIQUE = (
    ("orders_of_a_merchant", "orders", "merchant, external_id"),
    ("orders_by_address", "orders", "customer, address"),
)
# With the text to be searched in it, a search through a person's orders reads the index alone, from end to end. Only on
# SQLite: an entry of PostgreSQL's must fit a third of a page, and it reads scattered rows fast enough.
SEARCHED = ", search_text" if ON_SQLITE else ""
PLAIN = (
    ("orders_of_a_customer", "orders", f"customer, archived, placed_at DESC, id DESC{SEARCHED}"),
    ("lines_of_an_order", "order_lines", '"order", position'),
    ("payments_of_an_order", "payments", '"order"'),
    ("refunds_of_an_order", "refunds", '"order"'),
    ("shipments_of_an_order", "shipments", '"order"'),
    ("contents_of_a_shipment", "shipment_lines", "shipment"),
    ("parcels_of_a_line", "shipment_lines", "line"),
    ("sessions_of_a_customer", "sessions", "customer"),
    ("links_of_a_customer", "sign_in_links", "customer"),
    ("keys_of_a_merchant", "api_keys", "merchant"),
    ("events_of_a_customer", "events", "customer, id"),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        for kind, indexes in (("UNIQUE INDEX", UNIQUE), ("INDEX", PLAIN)):
            for name, table, columns in indexes:
                await execute(f"CREATE {kind} IF NOT EXISTS {name} ON {table} ({columns})")

    async def run_backwards() -> None:
        for name, _table, _columns in (*UNIQUE, *PLAIN):
            await execute(f"DROP INDEX IF EXISTS {name}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
