"""Who gave an address for a name is called nothing where they have written: it is nobody else's to see."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import execute

ID = "2026-11-28T20:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "no addresses for names"
NAMES = (("messages", "name"), ("threads", "last_name"))


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="comptoir", description=DESCRIPTION)

    async def run() -> None:
        for table, name in NAMES:
            await execute(f"UPDATE {table} SET {name} = '' WHERE {name} LIKE '%_@_%' AND {name} NOT LIKE '% @ %'")  # noqa: S608

    async def run_backwards() -> None:
        """There is no way back to them."""

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
