"""Reviews of a seller, the newest first; reports, one of a person each; and a seller's words, once in each language."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-28T15:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "finding reviews and sellers' words"

INDEXES = (
    ("UNIQUE", "merchants_shop", "merchants (is_shop) WHERE is_shop"),
    ("", "reviews_of_a_merchant", "reviews (merchant, created_at, id)"),
    ("", "reviews_of_a_customer", "reviews (customer)"),
    ("", "reviews_reported", "reviews (merchant, id) WHERE reports > 0"),
    ("UNIQUE", "review_reports_once", "review_reports (review, customer)"),
    ("UNIQUE", "seller_policies_once", "seller_policies (merchant, locale)"),
    ("", "threads_escalated", "threads (waiting_since, id) WHERE escalated_at IS NOT NULL"),
    ("", "threads_of_a_return", "threads (of_return) WHERE of_return IS NOT NULL"),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        for unique, name, columns in INDEXES:
            await execute(f"CREATE {unique} INDEX IF NOT EXISTS {name} ON {columns}")

    async def run_backwards() -> None:
        for _unique, name, _columns in INDEXES:
            await execute(f"DROP INDEX IF EXISTS {name}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
