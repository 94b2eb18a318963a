"""Who of a desk has which conversation open."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import Column, OnDelete, OnUpdate
from piccolo.columns.column_types import ForeignKey, Serial, Timestamptz
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

from app.clock import now

ID = "2026-11-28T20:12:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "signs of life at a desk"


class Thread(Table, tablename="threads", schema=None):
    id = Serial(primary_key=True, db_column_name="id")


class Member(Table, tablename="members", schema=None):
    id = Serial(primary_key=True, db_column_name="id")


Said = tuple[str, type[Column], dict[str, Any]]
LINKED: dict[str, Any] = {
    "on_delete": OnDelete.cascade, "on_update": OnUpdate.cascade, "target_column": None, "default": None, "null": True,
}  # fmt: skip
SIGN: tuple[Said, ...] = (
    ("thread", ForeignKey, {**LINKED, "references": Thread}),
    ("member", ForeignKey, {**LINKED, "references": Member, "index": True}),
    ("seen_at", Timestamptz, {"default": now}),
    ("writing_at", Timestamptz, {"default": None, "null": True}),
)
ALL = (("DeskSign", "desk_signs", SIGN),)


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
