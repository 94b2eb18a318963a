"""How many of somebody's conversations have something unread, for every page's bar."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Integer
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-28T14:02:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "unread conversations are counted"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)
    manager.add_column(
        table_class_name="Customer",
        tablename="customers",
        column_name="unread_threads",
        db_column_name="unread_threads",
        column_class_name="Integer",
        column_class=Integer,
        params={
            "default": 0, "null": False, "primary_key": False, "unique": False, "index": False,
            "index_method": IndexMethod.btree, "choices": None, "db_column_name": None, "secret": False,
        },
        schema=None,
    )  # fmt: skip
    return manager
