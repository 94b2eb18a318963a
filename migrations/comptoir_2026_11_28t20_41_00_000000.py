"""Conversations, mails and reviews are found by what is asked of them, however many there are."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-28T20:41:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes of the inbox and of reviews"

WANTED = {
    "messages_by_time": "messages (thread, at)",
    "message_files_name": "message_files (name)",
    "mails_in_to_forget": "mails_in (state, at)",
    "mails_in_waiting": "mails_in (merchant, id) WHERE state = 'waiting'",
    "reviews_unanswered": "reviews (merchant, created_at, id) WHERE answered_at IS NULL",
    "reviews_to_judge": "reviews (merchant, created_at, id) WHERE reports > 0",
}
GONE = {"reviews_reported": "reviews (merchant, id) WHERE reports > 0"}  # a list of them is by time


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        await _change(WANTED, GONE)

    async def run_backwards() -> None:
        await _change(GONE, WANTED)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager


async def _change(to_be: dict[str, str], to_go: dict[str, str]) -> None:
    for name in to_go:
        await execute(f"DROP INDEX IF EXISTS {name}")
    for name, columns in to_be.items():
        await execute(f"CREATE INDEX IF NOT EXISTS {name} ON {columns}")
