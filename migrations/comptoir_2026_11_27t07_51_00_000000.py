"""Tracking numbers as they are compared, and where parcels go, for parcels that are kept already; their indexes."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute, scan, transaction
from app.shipments import tracking_numbers

ID = "2026-11-27T07:51:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "keys of tracking numbers"
AT_ONCE = 1_000

# What an address says of its country is enough here; a region comes with the order's next snapshot.
COUNTRY = {
    "sqlite": "upper(coalesce(json_extract(o.shipping_address, '$.country'), ''))",
    "postgres": "upper(coalesce(o.shipping_address::json ->> 'country', ''))",
}
INDEXES = (
    ("", "shipments_by_number", "shipments (tracking_key)", "tracking_key <> ''"),
    ("UNIQUE ", "carrier_words_once", "carrier_words (source, word)", ""),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        from app.db import ENGINE

        for unique, name, columns, rows in INDEXES:
            await execute(f"CREATE {unique}INDEX IF NOT EXISTS {name} ON {columns}" + (f" WHERE {rows}" if rows else ""))
        country = COUNTRY[ENGINE.engine_type]
        await execute(
            f'UPDATE shipments SET destination = (SELECT {country} FROM orders o WHERE o.id = shipments."order") '  # noqa: S608
            "WHERE destination = '' AND (SELECT o.shipping_address FROM orders o WHERE o.id = shipments.\"order\") <> 'null'"
        )
        last = 0
        while found := await scan(
            "SELECT id, tracking_number FROM shipments WHERE id > {} AND tracking_number <> '' ORDER BY id LIMIT {}",
            last, AT_ONCE,
        ):  # fmt: skip
            last = found[-1]["id"]
            async with transaction():
                for row in found:
                    key = tracking_numbers.key(row["tracking_number"])
                    await execute("UPDATE shipments SET tracking_key = {} WHERE id = {}", key, row["id"])

    async def run_backwards() -> None:
        for _unique, name, _columns, _rows in INDEXES:
            await execute(f"DROP INDEX IF EXISTS {name}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
