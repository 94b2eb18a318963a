"""How threads and messages are found: by whose they are, the newest first, by who waits longest, and by their words.

`message_words` holds the terms of `app/inbox/words.py`, a row a message: an FTS5 table on SQLite, `tsvector` under a GIN index
on PostgreSQL. A message that goes takes its words along.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import ON_SQLITE, execute

ID = "2026-11-28T14:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "finding threads and messages"

INDEXES = (
    ("", "threads_of_a_customer", "threads (customer, archived, last_at, id)"),
    ("", "threads_unread", "threads (customer) WHERE unread > 0 OR marked"),
    ("", "threads_of_a_merchant", "threads (merchant, last_at, id)"),
    ("", "threads_that_wait", "threads (merchant, waiting_since, id) WHERE waiting_on = 'seller'"),
    ("", "messages_of_a_thread", "messages (thread, id)"),
)
SQLITE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS message_words USING fts5 (words, tokenize = 'ascii', detail = none, columnsize = 0)",
    """
    CREATE TRIGGER IF NOT EXISTS message_words_go AFTER DELETE ON messages
    BEGIN DELETE FROM message_words WHERE rowid = OLD.id; END
    """,
)
POSTGRES = (
    """
    CREATE TABLE IF NOT EXISTS message_words (
      message integer PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE, words tsvector NOT NULL)
    """,
    "CREATE INDEX IF NOT EXISTS message_words_found ON message_words USING gin (words)",
)
GONE = (
    *(("DROP TRIGGER IF EXISTS message_words_go",) if ON_SQLITE else ()), "DROP TABLE IF EXISTS message_words",
)  # fmt: skip


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        for unique, name, what in INDEXES:
            await execute(f"CREATE {unique}INDEX IF NOT EXISTS {name} ON {what}")
        for statement in SQLITE if ON_SQLITE else POSTGRES:
            await execute(statement)

    async def run_backwards() -> None:
        for statement in (*GONE, *(f"DROP INDEX IF EXISTS {name}" for _unique, name, _what in INDEXES)):
            await execute(statement)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
