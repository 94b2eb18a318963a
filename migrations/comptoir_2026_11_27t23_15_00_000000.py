"""Returns that a source knows, by its own id; what programs were answered, so that the same asked again is done once."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import Column, OnDelete, OnUpdate
from piccolo.columns.column_types import ForeignKey, Integer, Serial, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

from app.clock import now

ID = "2026-11-27T23:15:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "returns of sources; answers to programs"


class ApiKey(Table, tablename="api_keys", schema=None):
    id = Serial(primary_key=True, db_column_name="id")


Said = tuple[str, type[Column], dict[str, Any]]
TO_KEY = {
    "references": ApiKey, "on_delete": OnDelete.cascade, "on_update": OnUpdate.cascade, "target_column": None, "default": None,
    "null": True,
}  # fmt: skip
ANSWER: tuple[Said, ...] = (
    ("api_key", ForeignKey, TO_KEY),
    ("key", Varchar, {"length": 200, "default": ""}),
    ("request", Varchar, {"length": 32, "default": ""}),
    ("status", Integer, {"default": 0}),
    ("body", Text, {"default": ""}),
    ("at", Timestamptz, {"default": now}),
)
RETURN: tuple[Said, ...] = (("external_id", Varchar, {"length": 160, "default": ""}),)
ALL = (("Return", "returns", RETURN), ("ProgramAnswer", "program_answers", ANSWER))


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)
    manager.add_table(class_name="ProgramAnswer", tablename="program_answers", schema=None, columns=None)
    for class_name, tablename, columns in ALL:
        for name, kind, said in columns:
            manager.add_column(
                table_class_name=class_name,
                tablename=tablename,
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
