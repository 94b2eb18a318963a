"""PostgreSQL tells who listens whose pages are no longer right (app/live/watch.py); SQLite is looked at instead.

The customer's id alone: a transaction that raises a revision a hundred times says it once.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import ON_SQLITE, execute

ID = "2026-11-27T07:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "notifications of what has changed"

FORWARDS = (
    """
    CREATE OR REPLACE FUNCTION tell_customer_changed() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_notify('customers', NEW.id::text); RETURN NULL; END $$
    """,
    """
    CREATE OR REPLACE FUNCTION tell_session_over() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_notify('customers', OLD.customer::text); RETURN NULL; END $$
    """,
    "DROP TRIGGER IF EXISTS customer_changed ON customers",
    """
    CREATE TRIGGER customer_changed AFTER UPDATE OF revision, unread ON customers FOR EACH ROW
    WHEN (OLD.revision <> NEW.revision OR OLD.unread <> NEW.unread) EXECUTE FUNCTION tell_customer_changed()
    """,
    "DROP TRIGGER IF EXISTS session_over ON sessions",
    "CREATE TRIGGER session_over AFTER DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION tell_session_over()",
)
BACKWARDS = (
    "DROP TRIGGER IF EXISTS customer_changed ON customers",
    "DROP TRIGGER IF EXISTS session_over ON sessions",
    "DROP FUNCTION IF EXISTS tell_customer_changed()",
    "DROP FUNCTION IF EXISTS tell_session_over()",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        for statement in () if ON_SQLITE else FORWARDS:
            await execute(statement)

    async def run_backwards() -> None:
        for statement in () if ON_SQLITE else BACKWARDS:
            await execute(statement)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
