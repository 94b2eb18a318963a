"""The newest that a shop's own system has told of a return, and its names of what comes back."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import Column
from piccolo.columns.column_types import Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-28T01:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "what sources have told of returns"

Said = tuple[str, type[Column], dict[str, Any]]
RETURN: tuple[Said, ...] = (
    ("source_at", Timestamptz, {"default": None, "null": True}),
    ("source_step", Varchar, {"length": 12, "default": ""}),
    ("source_lines", Text, {"default": "{}"}),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)
    for name, kind, said in RETURN:
        manager.add_column(
            table_class_name="Return",
            tablename="returns",
            column_name=name,
            db_column_name=name,
            column_class_name=kind.__name__,
            column_class=kind,
            params={
                "null": False, "primary_key": False, "unique": False, "index": False, "index_method": IndexMethod.btree,
                "choices": None, "db_column_name": None, "secret": False, **said,
            },
            schema=None,
        )  # fmt: skip
    return manager
