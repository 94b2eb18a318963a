"""What was given back for a return has the bonus of its store credit in it, as what was promised always had."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-28T01:41:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "bonus in what was refunded"

CHANGED = """
UPDATE returns SET refunded = refunded {sign} (
  SELECT SUM(f.bonus) FROM refunds f WHERE f.of_return = returns.id AND f.state <> 'failed'
) WHERE id IN (SELECT of_return FROM refunds WHERE bonus > 0 AND of_return IS NOT NULL AND state <> 'failed')
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        await execute(CHANGED.format(sign="+"))

    async def run_backwards() -> None:
        await execute(CHANGED.format(sign="-"))

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
