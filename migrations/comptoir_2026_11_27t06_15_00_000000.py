"""Parcels are found by their number however it is written, a carrier's word is counted in one row, and parcels that were there
before know to which country they went."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import ON_SQLITE, execute

ID = "2026-11-27T06:15:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes of tracking numbers and carriers' words; destinations"

INDEXES = (
    ("", "shipments_number", "shipments (upper(replace(replace(tracking_number, ' ', ''), '-', '')))"),
    ("UNIQUE ", "carrier_words_once", "carrier_words (source, word)"),
)
COUNTRY = "json_extract(o.shipping_address, '$.country')" if ON_SQLITE else "o.shipping_address::json ->> 'country'"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        for unique, name, columns in INDEXES:
            await execute(f"CREATE {unique}INDEX IF NOT EXISTS {name} ON {columns}")
        country = f"(SELECT coalesce({COUNTRY}, '') FROM orders o WHERE o.id = shipments.\"order\")"  # noqa: S608
        await execute(
            f"UPDATE shipments SET destination = {country} WHERE destination = '' AND length({country}) = 2"  # noqa: S608
        )

    async def run_backwards() -> None:
        for _unique, name, _columns in INDEXES:
            await execute(f"DROP INDEX IF EXISTS {name}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
