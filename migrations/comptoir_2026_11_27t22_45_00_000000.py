"""Who works at a desk does so as agent, manager or owner: whoever was staff is an agent.

SQLite keeps its old default; every row says its role itself.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import ON_SQLITE, execute

ID = "2026-11-27T22:45:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "roles at a desk"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        await execute("UPDATE members SET role = 'agent' WHERE role = 'staff'")
        await _default("agent")

    async def run_backwards() -> None:
        await execute("UPDATE members SET role = 'staff' WHERE role <> 'owner'")
        await _default("staff")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager


async def _default(role: str) -> None:
    if not ON_SQLITE:
        await execute(f"ALTER TABLE members ALTER COLUMN role SET DEFAULT '{role}'")
