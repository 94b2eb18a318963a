"""Reviews, what sellers say of themselves and what is measured of them; which merchant is the marketplace itself."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import Column, OnDelete, OnUpdate
from piccolo.columns.column_types import BigInt, Boolean, ForeignKey, Integer, Serial, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.table import Table

from app.clock import now

ID = "2026-11-28T15:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "reviews, and what sellers say of themselves"


class Customer(Table, tablename="customers", schema=None):
    id = Serial(primary_key=True, db_column_name="id")


class Merchant(Table, tablename="merchants", schema=None):
    id = Serial(primary_key=True, db_column_name="id")


class Review(Table, tablename="reviews", schema=None):
    id = Serial(primary_key=True, db_column_name="id")


Said = tuple[str, type[Column], dict[str, Any]]
LINKED: dict[str, Any] = {
    "on_delete": OnDelete.cascade, "on_update": OnUpdate.cascade, "target_column": None, "default": None, "null": True,
}  # fmt: skip
WHEN: dict[str, Any] = {"default": None, "null": True}
NONE, NOTHING = {"default": 0}, {"default": ""}
ITS_MERCHANT: Said = ("merchant", ForeignKey, {**LINKED, "references": Merchant, "unique": True})
IDENTITY: tuple[Said, ...] = (
    ITS_MERCHANT,
    ("name", Varchar, {"length": 200, **NOTHING}),
    ("register", Varchar, {"length": 200, **NOTHING}),
    ("phone", Varchar, {"length": 40, **NOTHING}),
    ("complies", Boolean, {"default": False}),
)
POLICY: tuple[Said, ...] = (
    ("merchant", ForeignKey, {**LINKED, "references": Merchant}),
    ("locale", Varchar, {"length": 16, **NOTHING}),
    ("shipping", Text, NOTHING),
    ("returns", Text, NOTHING),
)
FIGURES: tuple[Said, ...] = (
    ITS_MERCHANT,
    ("replies", Integer, NONE),
    ("reply_seconds", BigInt, WHEN),
    ("decided", Integer, NONE),
    ("reversed", Integer, NONE),
    ("measured_at", Timestamptz, {"default": now}),
)
REVIEW: tuple[Said, ...] = (
    ("merchant", ForeignKey, {**LINKED, "references": Merchant}),
    ("customer", ForeignKey, {**LINKED, "references": Customer}),
    ("line", BigInt, {**NONE, "unique": True}),
    ("rating", SmallInt, NONE),
    ("text", Text, NOTHING),
    ("title", Text, NOTHING),
    ("name", Varchar, {"length": 200, **NOTHING}),
    ("created_at", Timestamptz, {"default": now}),
    ("changed_at", Timestamptz, WHEN),
    ("answer", Text, NOTHING),
    ("answered_at", Timestamptz, WHEN),
    ("reports", Integer, NONE),
    ("hidden_at", Timestamptz, WHEN),
    ("hidden_why", Varchar, {"length": 16, **NOTHING}),
)
REPORT: tuple[Said, ...] = (
    ("review", ForeignKey, {**LINKED, "references": Review}),
    ("customer", ForeignKey, {**LINKED, "references": Customer}),
    ("why", Varchar, {"length": 16, **NOTHING}),
    ("text", Text, NOTHING),
    ("at", Timestamptz, {"default": now}),
    ("settled_at", Timestamptz, WHEN),
)
STARS: tuple[Said, ...] = (ITS_MERCHANT, *((name, Integer, NONE) for name in ("one", "two", "three", "four", "five")))
MADE = (
    ("SellerIdentity", "seller_identities", IDENTITY), ("SellerPolicy", "seller_policies", POLICY),
    ("SellerFigures", "seller_figures", FIGURES), ("Review", "reviews", REVIEW),
    ("ReviewReport", "review_reports", REPORT), ("SellerStars", "seller_stars", STARS),
)  # fmt: skip
MORE = (("Merchant", "merchants", (("is_shop", Boolean, {"default": False}),)),)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)
    for class_name, tablename, _columns in MADE:
        manager.add_table(class_name=class_name, tablename=tablename, schema=None, columns=None)
    for class_name, tablename, columns in (*MADE, *MORE):
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
