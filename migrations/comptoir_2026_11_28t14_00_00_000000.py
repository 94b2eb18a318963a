"""Threads, their messages and the files with them."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import Column, OnDelete, OnUpdate
from piccolo.columns.column_types import BigInt, Boolean, ForeignKey, Integer, Serial, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

from app.clock import now

ID = "2026-11-28T14:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "the inbox"


class Customer(Table, tablename="customers", schema=None):
    id = Serial(primary_key=True, db_column_name="id")


class Merchant(Table, tablename="merchants", schema=None):
    id = Serial(primary_key=True, db_column_name="id")


class Thread(Table, tablename="threads", schema=None):
    id = Serial(primary_key=True, db_column_name="id")


class Message(Table, tablename="messages", schema=None):
    id = Serial(primary_key=True, db_column_name="id")


Said = tuple[str, type[Column], dict[str, Any]]
LINKED: dict[str, Any] = {
    "on_delete": OnDelete.cascade, "on_update": OnUpdate.cascade, "target_column": None, "default": None, "null": True,
}  # fmt: skip
WHEN: dict[str, Any] = {"default": None, "null": True}
THREAD: tuple[Said, ...] = (
    ("code", Varchar, {"length": 12, "default": "", "unique": True}),
    ("kind", Varchar, {"length": 8, "default": ""}),
    ("customer", ForeignKey, {**LINKED, "references": Customer}),
    ("merchant", ForeignKey, {**LINKED, "references": Merchant}),
    ("order", BigInt, {**WHEN, "index": True}),
    ("of_return", BigInt, WHEN),
    ("subject", Text, {"default": ""}),
    ("titles", Text, {"default": ""}),
    ("pictures", Text, {"default": "[]"}),
    ("order_number", Text, {"default": ""}),
    ("last_text", Text, {"default": ""}),
    ("last_side", Varchar, {"length": 8, "default": ""}),
    ("last_name", Text, {"default": ""}),
    ("last_at", Timestamptz, {"default": now}),
    ("last_message", BigInt, {"default": 0}),
    ("unread", Integer, {"default": 0}),
    ("marked", Boolean, {"default": False}),
    ("archived", Boolean, {"default": False}),
    ("waiting_on", Varchar, {"length": 8, "default": "nobody"}),
    ("due_at", Timestamptz, WHEN),
    ("closed_at", Timestamptz, WHEN),
    ("revision", BigInt, {"default": 0}),
    ("seen", BigInt, {"default": 0}),
    ("muted", Boolean, {"default": False}),
    ("kept", Boolean, {"default": False}),
    ("message_count", Integer, {"default": 0}),
    ("waiting_since", Timestamptz, WHEN),
    ("first_reply_at", Timestamptz, WHEN),
    ("escalated_at", Timestamptz, WHEN),
    ("desk_seen", BigInt, {"default": 0}),
    ("assigned", BigInt, WHEN),
    ("created_at", Timestamptz, {"default": now}),
)
MESSAGE: tuple[Said, ...] = (
    ("thread", ForeignKey, {**LINKED, "references": Thread}),
    ("side", Varchar, {"length": 8, "default": ""}),
    ("author", BigInt, WHEN),
    ("name", Text, {"default": ""}),
    ("text", Text, {"default": ""}),
    ("via", Varchar, {"length": 8, "default": "app"}),
    ("event", Varchar, {"length": 40, "default": ""}),
    ("at", Timestamptz, {"default": now}),
)
FILE: tuple[Said, ...] = (
    ("message", ForeignKey, {**LINKED, "references": Message, "index": True}),
    ("name", Varchar, {"length": 100, "default": ""}),
    ("title", Text, {"default": ""}),
    ("media_type", Varchar, {"length": 40, "default": ""}),
    ("size", Integer, {"default": 0}),
)
ALL = (("Thread", "threads", THREAD), ("Message", "messages", MESSAGE), ("MessageFile", "message_files", FILE))


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
