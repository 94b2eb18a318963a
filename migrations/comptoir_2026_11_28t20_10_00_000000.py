"""Messages that were reported, and what was decided of them."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import Column, OnDelete, OnUpdate
from piccolo.columns.column_types import BigInt, ForeignKey, Serial, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

from app.clock import now

ID = "2026-11-28T20:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "reported messages"


class Message(Table, tablename="messages", schema=None):
    id = Serial(primary_key=True, db_column_name="id")


Said = tuple[str, type[Column], dict[str, Any]]
OF_MESSAGE: dict[str, Any] = {
    "references": Message, "on_delete": OnDelete.cascade, "on_update": OnUpdate.cascade, "target_column": None, "default": None,
    "null": True,
}  # fmt: skip
REPORT: tuple[Said, ...] = (
    ("message", ForeignKey, OF_MESSAGE),
    ("author", BigInt, {"default": 0, "index": True}),
    ("side", Varchar, {"length": 8, "default": ""}),
    ("why", Varchar, {"length": 16, "default": ""}),
    ("text", Text, {"default": ""}),
    ("at", Timestamptz, {"default": now}),
    ("settled_at", Timestamptz, {"default": None, "null": True}),
)
VERDICT: tuple[Said, ...] = (
    ("message", ForeignKey, {**OF_MESSAGE, "unique": True}),
    ("did", Varchar, {"length": 8, "default": ""}),
    ("why", Varchar, {"length": 16, "default": ""}),
    ("text", Text, {"default": ""}),
    ("words", Text, {"default": ""}),
    ("by", BigInt, {"default": None, "null": True}),
    ("at", Timestamptz, {"default": now}),
)
ALL = (("MessageReport", "message_reports", REPORT), ("MessageVerdict", "message_verdicts", VERDICT))


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)
    for class_name, tablename, columns in ALL:
        manager.add_table(class_name=class_name, tablename=tablename, schema=None, columns=None)
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
