"""What was agreed to be cancelled before orders said so; from now on it is kept as it changes (app/returns/cancelling.py)."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-28T13:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "what is agreed to be cancelled is noted on its order"

AGREED = """
FROM return_lines rl JOIN returns r ON r.id = rl.of_return
WHERE r.kind = 'cancellation' AND r.state IN ('approved', 'refunded', 'closed') AND rl.held > 0
"""
OF_LINES = f"""
UPDATE order_lines SET called_off = COALESCE((
  SELECT CASE WHEN SUM(rl.held) > order_lines.cancelled_quantity THEN SUM(rl.held) - order_lines.cancelled_quantity ELSE 0 END
  {AGREED} AND rl.line = order_lines.id
), 0) WHERE id IN (SELECT rl.line {AGREED})
"""  # noqa: S608 - our own words
OF_ORDERS = """
UPDATE orders SET cancelling = CASE
  WHEN EXISTS (SELECT 1 FROM order_lines l WHERE l."order" = orders.id AND l.quantity > l.cancelled_quantity + l.called_off)
  THEN 'part' ELSE 'whole' END
WHERE id IN (SELECT "order" FROM order_lines WHERE called_off > 0)
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        await execute(OF_LINES)
        await execute(OF_ORDERS)

    async def run_backwards() -> None:
        await execute("UPDATE order_lines SET called_off = 0 WHERE called_off > 0")
        await execute("UPDATE orders SET cancelling = '' WHERE cancelling <> ''")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
