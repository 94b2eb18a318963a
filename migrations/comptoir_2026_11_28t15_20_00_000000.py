"""Saved replies, labels, and a goal for a desk's answers; where threads lead that became one with another."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import Column, OnDelete, OnUpdate
from piccolo.columns.column_types import BigInt, ForeignKey, Integer, Serial, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

from app.clock import now

ID = "2026-11-28T15:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "what a desk has for its threads"


class Merchant(Table, tablename="merchants", schema=None):
    id = Serial(primary_key=True, db_column_name="id")


class Thread(Table, tablename="threads", schema=None):
    id = Serial(primary_key=True, db_column_name="id")


class DeskLabel(Table, tablename="desk_labels", schema=None):
    id = Serial(primary_key=True, db_column_name="id")


Said = tuple[str, type[Column], dict[str, Any]]
LINKED: dict[str, Any] = {
    "on_delete": OnDelete.cascade, "on_update": OnUpdate.cascade, "target_column": None, "default": None, "null": True,
    "index": True,
}  # fmt: skip
OF_MERCHANT: Said = ("merchant", ForeignKey, {**LINKED, "references": Merchant})
OF_THREAD: Said = ("thread", ForeignKey, {**LINKED, "references": Thread})
REPLY: tuple[Said, ...] = (
    OF_MERCHANT,
    ("title", Varchar, {"length": 80, "default": ""}),
    ("english", Text, {"default": ""}),
    ("french", Text, {"default": ""}),
)
LABEL: tuple[Said, ...] = (
    OF_MERCHANT,
    ("name", Varchar, {"length": 40, "default": ""}),
    ("colour", Varchar, {"length": 8, "default": "plain"}),
)
ON_THREAD: tuple[Said, ...] = (OF_THREAD, ("label", ForeignKey, {**LINKED, "references": DeskLabel}))
GOAL: tuple[Said, ...] = (
    ("merchant", ForeignKey, {**LINKED, "references": Merchant, "unique": True}),
    ("hours", Integer, {"default": 0}),
)
MERGED: tuple[Said, ...] = (
    ("code", Varchar, {"length": 12, "default": "", "unique": True}),
    OF_THREAD,
    ("by", BigInt, {"default": None, "null": True}),
    ("at", Timestamptz, {"default": now}),
)
ALL = (
    ("SavedReply", "saved_replies", REPLY), ("DeskLabel", "desk_labels", LABEL), ("ThreadLabel", "thread_labels", ON_THREAD),
    ("DeskGoal", "desk_goals", GOAL), ("MergedThread", "merged_threads", MERGED),
)  # fmt: skip


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
