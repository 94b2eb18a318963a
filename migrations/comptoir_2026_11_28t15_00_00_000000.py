"""What came in by mail, and the pictures with what of it waits."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import Column, OnDelete, OnUpdate
from piccolo.columns.column_types import BigInt, ForeignKey, Integer, Serial, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

from app.clock import now

ID = "2026-11-28T15:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "mails that come in"


class MailIn(Table, tablename="mails_in", schema=None):
    id = Serial(primary_key=True, db_column_name="id")


Said = tuple[str, type[Column], dict[str, Any]]
WHEN: dict[str, Any] = {"default": None, "null": True}
MAIL: tuple[Said, ...] = (
    ("key", Varchar, {"length": 64, "default": "", "unique": True}),
    ("message_id", Text, {"default": ""}),
    ("state", Varchar, {"length": 12, "default": ""}),
    ("reason", Varchar, {"length": 24, "default": ""}),
    ("thread", BigInt, {"default": 0, "index": True}),
    ("merchant", BigInt, {"default": 0, "index": True}),
    ("side", Varchar, {"length": 8, "default": ""}),
    ("message", BigInt, {**WHEN, "index": True}),
    ("sender", Text, {"default": ""}),
    ("sender_name", Text, {"default": ""}),
    ("subject", Text, {"default": ""}),
    ("text", Text, {"default": ""}),
    ("cut", Text, {"default": ""}),
    ("untaken", Text, {"default": ""}),
    ("proof", Varchar, {"length": 8, "default": ""}),
    ("at", Timestamptz, {"default": now}),
    ("decided_at", Timestamptz, WHEN),
    ("decided_by", BigInt, WHEN),
)
FILE: tuple[Said, ...] = (
    (
        "mail",
        ForeignKey,
        {
            "on_delete": OnDelete.cascade, "on_update": OnUpdate.cascade, "target_column": None, "default": None,
            "null": True, "references": MailIn, "index": True,
        },
    ),
    ("name", Varchar, {"length": 100, "default": ""}),
    ("title", Text, {"default": ""}),
    ("media_type", Varchar, {"length": 40, "default": ""}),
    ("size", Integer, {"default": 0}),
)  # fmt: skip
ALL = (("MailIn", "mails_in", MAIL), ("MailInFile", "mail_in_files", FILE))


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
