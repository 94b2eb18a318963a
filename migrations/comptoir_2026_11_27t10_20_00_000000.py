"""A merchant's brand; and who was told of a parcel that never came."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-27T10:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "a merchant's brand; who was told of a missing parcel"

COLUMNS = (
    ("Merchant", "merchants", "accent", 7),
    ("Merchant", "merchants", "logo", 64),
    ("Shipment", "shipments", "missing_told", 8),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)
    for table, tablename, name, length in COLUMNS:
        manager.add_column(
            table_class_name=table,
            tablename=tablename,
            column_name=name,
            db_column_name=name,
            column_class_name="Varchar",
            column_class=Varchar,
            params={
                "length": length,
                "default": "",
                "null": False,
                "primary_key": False,
                "unique": False,
                "index": False,
                "index_method": IndexMethod.btree,
                "choices": None,
                "db_column_name": None,
                "secret": False,
            },
            schema=None,
        )

    return manager
