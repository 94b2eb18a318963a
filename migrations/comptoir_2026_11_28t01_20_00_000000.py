"""Parcels that come back, how many of each line have come back, and return labels that a carrier's connector sells."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import Column, OnDelete, OnUpdate
from piccolo.columns.column_types import BigInt, ForeignKey, Integer, Serial, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

from app.clock import now

ID = "2026-11-28T01:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "the way of the goods back"


class Return(Table, tablename="returns", schema=None):
    id = Serial(primary_key=True, db_column_name="id")


Said = tuple[str, type[Column], dict[str, Any]]
TO_RETURN = {
    "references": Return, "on_delete": OnDelete.cascade, "on_update": OnUpdate.cascade, "target_column": None, "default": None,
    "null": True,
}  # fmt: skip
LABEL: tuple[Said, ...] = (
    ("of_return", ForeignKey, TO_RETURN),
    ("state", Varchar, {"length": 8, "default": "wanted"}),
    ("shipment", Varchar, {"length": 80, "default": ""}),
    ("service", Text, {"default": ""}),
    ("amount", BigInt, {"default": 0}),
    ("currency", Varchar, {"length": 3, "default": ""}),
    ("file", Varchar, {"length": 100, "default": ""}),
    ("error", Text, {"default": ""}),
    ("attempts", Integer, {"default": 0}),
    ("next_at", Timestamptz, {"default": now}),
    ("bought_at", Timestamptz, {"default": None, "null": True}),
)
ALL: tuple[tuple[str, str, tuple[Said, ...]], ...] = (
    ("OrderLine", "order_lines", (("returned_quantity", Integer, {"default": 0}),)),
    ("Shipment", "shipments", (("of_return", BigInt, {"default": None, "null": True}),)),
    ("Return", "returns", (("came_at", Timestamptz, {"default": None, "null": True}),)),
    ("ReturnLabel", "return_labels", LABEL),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)
    manager.add_table(class_name="ReturnLabel", tablename="return_labels", schema=None, columns=None)
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
