"""Who wants to hear no more of whom, in conversations: one row for each wish."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import Column, OnDelete, OnUpdate
from piccolo.columns.column_types import BigInt, ForeignKey, Serial, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

from app.clock import now

ID = "2026-11-28T15:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "blocked customers and sellers"


class Customer(Table, tablename="customers", schema=None):
    id = Serial(primary_key=True, db_column_name="id")


class Merchant(Table, tablename="merchants", schema=None):
    id = Serial(primary_key=True, db_column_name="id")


Said = tuple[str, type[Column], dict[str, Any]]
LINKED: dict[str, Any] = {
    "on_delete": OnDelete.cascade, "on_update": OnUpdate.cascade, "target_column": None, "default": None, "null": True,
}  # fmt: skip
BLOCK: tuple[Said, ...] = (
    ("customer", ForeignKey, {**LINKED, "references": Customer}),
    ("merchant", ForeignKey, {**LINKED, "references": Merchant, "index": True}),
    ("side", Varchar, {"length": 8, "default": ""}),
    ("reason", Text, {"default": ""}),
    ("author", BigInt, {"default": None, "null": True}),
    ("at", Timestamptz, {"default": now}),
)
ALL = (("ThreadBlock", "thread_blocks", BLOCK),)


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
