"""At which desks somebody works, and how many returns wait there: every page of theirs says it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Text

ID = "2026-11-28T05:41:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "the desks of a customer"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)
    manager.add_column(
        table_class_name="Customer", tablename="customers", column_name="desks", db_column_name="desks",
        column_class_name="Text", column_class=Text,
        params={
            "default": "", "null": False, "primary_key": False, "unique": False, "index": False, "choices": None,
            "db_column_name": None, "secret": False,
        },
        schema=None,
    )  # fmt: skip
    return manager
