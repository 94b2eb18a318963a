"""Refunds that are decided here, and what customers have left to spend at a shop."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import Column, OnDelete, OnUpdate
from piccolo.columns.column_types import BigInt, ForeignKey, Integer, Serial, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

from app.clock import now

ID = "2026-11-27T22:11:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "refunds decided here; balances"


class Balance(Table, tablename="balances", schema=None):
    id = Serial(primary_key=True, db_column_name="id")


class Customer(Table, tablename="customers", schema=None):
    id = Serial(primary_key=True, db_column_name="id")


class Merchant(Table, tablename="merchants", schema=None):
    id = Serial(primary_key=True, db_column_name="id")


class Payment(Table, tablename="payments", schema=None):
    id = Serial(primary_key=True, db_column_name="id")


Said = tuple[str, type[Column], dict[str, Any]]


def text(name: str, length: int, default: str = "") -> Said:
    return name, Varchar, {"length": length, "default": default}


def number(name: str) -> Said:
    return name, BigInt, {"default": 0}


def refers(name: str, to: type[Table], on_delete: OnDelete = OnDelete.cascade, **said: Any) -> Said:
    about = {"references": to, "on_delete": on_delete, "on_update": OnUpdate.cascade, "target_column": None, **said}
    return name, ForeignKey, {"default": None, "null": True, **about}


def maybe(name: str, kind: type[Column]) -> Said:
    return name, kind, {"default": None, "null": True}


REFUND: tuple[Said, ...] = (
    text("origin", 8, "source"),
    refers("payment", Payment, OnDelete.no_action, index=True),
    maybe("balance", BigInt),
    number("bonus"),
    text("code", 40),
    maybe("of_return", BigInt),
    maybe("again_of", BigInt),
    text("provider", 16),
    ("reference", Text, {"default": ""}),
    *(
        maybe(f"{name}_at", Timestamptz)
        for name in ("requested", "approved", "sent", "settled", "arrived", "due", "next_try")
    ),
    maybe("expected_by", Timestamptz),
    ("attempts", Integer, {"default": 0}),
    ("last_error", Text, {"default": ""}),
    text("by_whom", 80),
    ("note", Text, {"default": ""}),
)  # fmt: skip
BALANCE: tuple[Said, ...] = (
    refers("customer", Customer, index=True),
    refers("merchant", Merchant),
    text("currency", 3),
    text("kind", 12),
    text("code_hash", 64),
    text("last_four", 4),
    number("amount"),
    ("created_at", Timestamptz, {"default": now}),
)
ENTRY: tuple[Said, ...] = (
    refers("balance", Balance, index=True),
    number("amount"),
    number("after"),
    text("reason", 12),
    text("key", 80),
    maybe("refund", BigInt),
    maybe("order", BigInt),
    text("by_whom", 80),
    ("note", Text, {"default": ""}),
    ("at", Timestamptz, {"default": now}),
)
ALL = (("Refund", "refunds", REFUND), ("Balance", "balances", BALANCE), ("BalanceEntry", "balance_entries", ENTRY))


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)
    for class_name, tablename, columns in ALL:
        if class_name != "Refund":
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
