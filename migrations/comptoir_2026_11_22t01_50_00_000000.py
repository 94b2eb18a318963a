"""Indexes of the tables for second factors, devices and members (raw statements run before a file's own tables)."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-22T01:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes of the account's security"

UNIQUE = (
    ("devices_of_a_customer", "devices", "customer, token_hash"),
    ("members_of_a_merchant", "members", "merchant, customer"),
)
PLAIN = (
    ("passkeys_of_a_customer", "passkeys", "customer"),
    ("recovery_codes_of_a_customer", "recovery_codes", "customer"),
    ("sign_ins_of_a_customer", "sign_ins", "customer"),
    ("challenges_of_a_customer", "challenges", "customer"),
    ("password_links_of_a_customer", "password_links", "customer"),
    ("email_changes_of_a_customer", "email_changes", "customer"),
    ("merchants_of_a_member", "members", "customer"),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        for kind, indexes in (("UNIQUE INDEX", UNIQUE), ("INDEX", PLAIN)):
            for name, table, columns in indexes:
                await execute(f"CREATE {kind} IF NOT EXISTS {name} ON {table} ({columns})")

    async def run_backwards() -> None:
        for name, _table, _columns in (*UNIQUE, *PLAIN):
            await execute(f"DROP INDEX IF EXISTS {name}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
