"""Counts what waits at the desks of those who work there already; from now on the worker does (app/notifications/desks.py)."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import ON_SQLITE, execute

ID = "2026-11-28T05:42:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "what waits at desks is counted"

COUNTED = """
SELECT mb.customer, m.slug, (
  SELECT count(*) FROM returns r WHERE r.merchant = m.id AND r.waiting_on = 'seller' AND r.state <> 'unconfirmed'
) AS n FROM members mb JOIN merchants m ON m.id = mb.merchant
"""
TEXT = "json_group_object(slug, n)" if ON_SQLITE else "CAST(json_object_agg(slug, n) AS text)"
COUNT = f"""
UPDATE customers SET revision = revision + 1, desks = (SELECT {TEXT} FROM ({COUNTED}) AS c WHERE c.customer = customers.id)
WHERE id IN (SELECT customer FROM members)
"""  # noqa: S608 - our own words
FORGET = "UPDATE customers SET revision = revision + 1, desks = '' WHERE desks <> ''"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        await execute(COUNT)

    async def run_backwards() -> None:
        await execute(FORGET)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
