"""What the database itself refuses: more given back than a payment brought, a balance below zero, the same twice.

The verbs look before (`app/orders/refunding.py`), with their customer's row locked; this is for whatever forgets to. On
PostgreSQL the payment's row is locked by the look: of two at once the second sees what the first has written.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import ON_SQLITE, execute

ID = "2026-11-27T22:13:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "guards of money"

INDEXES = (
    ("UNIQUE ", "refunds_by_code", "refunds (code) WHERE code <> ''"),
    ("UNIQUE ", "refunds_tried_again", "refunds (again_of) WHERE again_of IS NOT NULL"),
    ("", "refunds_of_a_return", "refunds (of_return) WHERE of_return IS NOT NULL"),
    ("", "refunds_on_their_way", "refunds (next_try_at) WHERE state = 'pending' AND next_try_at IS NOT NULL"),
    ("UNIQUE ", "store_credit_of_a_customer", "balances (customer, merchant, currency) WHERE kind = 'store_credit'"),
    ("UNIQUE ", "gift_cards_by_code", "balances (merchant, code_hash) WHERE code_hash <> ''"),
    ("UNIQUE ", "balance_entries_by_key", "balance_entries (balance, key) WHERE key <> ''"),
)
TOO_MUCH = """
(SELECT COALESCE(SUM(r.amount), 0) FROM refunds r WHERE r.payment = NEW.payment AND r.state <> 'failed' AND r.id <> NEW.id)
+ NEW.amount > (SELECT p.amount FROM payments p WHERE p.id = NEW.payment)
"""
COUNTS = "NEW.payment IS NOT NULL AND NEW.state <> 'failed'"
CHANGES = "UPDATE OF amount, payment, state"
SQLITE = (
    f"""
    CREATE TRIGGER refunds_within_insert AFTER INSERT ON refunds WHEN {COUNTS} AND {TOO_MUCH}
    BEGIN SELECT RAISE(ABORT, 'more would be given back than was paid'); END
    """,
    f"""
    CREATE TRIGGER refunds_within_update AFTER {CHANGES} ON refunds
    WHEN {COUNTS} AND (OLD.state = 'failed' OR NEW.amount > OLD.amount OR NEW.payment IS NOT OLD.payment) AND {TOO_MUCH}
    BEGIN SELECT RAISE(ABORT, 'more would be given back than was paid'); END
    """,
    """
    CREATE TRIGGER balances_above_zero AFTER UPDATE OF amount ON balances WHEN NEW.amount < 0
    BEGIN SELECT RAISE(ABORT, 'a balance is never below zero'); END
    """,
)
POSTGRES = (
    f"""
    CREATE OR REPLACE FUNCTION refunds_within() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      PERFORM 1 FROM payments WHERE id = NEW.payment FOR UPDATE;
      IF {TOO_MUCH} THEN RAISE EXCEPTION 'more would be given back than was paid' USING ERRCODE = 'check_violation'; END IF;
      RETURN NULL;
    END $$
    """,
    f"""
    CREATE TRIGGER refunds_within_insert AFTER INSERT ON refunds FOR EACH ROW WHEN ({COUNTS})
    EXECUTE FUNCTION refunds_within()
    """,
    f"""
    CREATE TRIGGER refunds_within_update AFTER {CHANGES} ON refunds FOR EACH ROW
    WHEN ({COUNTS} AND (OLD.state = 'failed' OR NEW.amount > OLD.amount OR NEW.payment IS DISTINCT FROM OLD.payment))
    EXECUTE FUNCTION refunds_within()
    """,
    "ALTER TABLE balances ADD CONSTRAINT balances_above_zero CHECK (amount >= 0)",
)
UNDONE = ("DROP TRIGGER IF EXISTS refunds_within_insert", "DROP TRIGGER IF EXISTS refunds_within_update")
GONE = (
    (*UNDONE, "DROP TRIGGER IF EXISTS balances_above_zero") if ON_SQLITE
    else (
        *(f"{one} ON refunds" for one in UNDONE), "DROP FUNCTION IF EXISTS refunds_within()",
        "ALTER TABLE balances DROP CONSTRAINT IF EXISTS balances_above_zero",
    )
)  # fmt: skip


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        for unique, name, what in INDEXES:
            await execute(f"CREATE {unique}INDEX IF NOT EXISTS {name} ON {what}")
        for statement in (*GONE, *(SQLITE if ON_SQLITE else POSTGRES)):
            await execute(statement)

    async def run_backwards() -> None:
        for statement in GONE:
            await execute(statement)
        for _unique, name, _what in INDEXES:
            await execute(f"DROP INDEX IF EXISTS {name}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
