"""The database as commands need it: reached, up to date, its faults told in one line; and the command `migrate`."""

import asyncio
import json
import re
import sqlite3
import time
from argparse import Namespace
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from asyncpg import InterfaceError, PostgresError

from app import db
from app.commands.migrating import NotMigrated, migrate
from app.commands.stop import Stop

FAULTS = (sqlite3.Error, PostgresError, InterfaceError)
UNREACHED = (OSError, ValueError)  # no such host, nobody listens; a port that is no number
APP = "comptoir"  # as app/piccolo_app.py has it, which imports black by way of Piccolo
MIGRATIONS = Path(__file__).parents[2] / "migrations"
ID = re.compile(r'^ID = "(.+)"$', re.MULTILINE)


@asynccontextmanager
async def opened() -> AsyncIterator[None]:
    """The database, its tables up to date; raises Stop when it is not so, or when it fails later."""
    with told(*UNREACHED):
        behind = await pending()
        await db.open_pool()
    try:
        if behind:
            raise Stop("the database's tables are not up to date: run `python -m app migrate` first")
        with told():
            yield
    finally:
        await db.close_pool()


@contextmanager
def told(*also: type[Exception]) -> Iterator[None]:
    """Turns a fault of the database into one line that names the setting, never the password in it."""
    try:
        yield
    except (*FAULTS, *also) as error:
        raise Stop(f"the database (COMPTOIR_DATABASE_URL) cannot be used: {error}") from error


async def pending() -> list[str]:
    """The migrations that have not run here."""
    ran = {row["name"] for row in await _ran()}
    return [name for name in _known() if name not in ran]


def _known() -> list[str]:
    """Read, not imported: Piccolo's migration tools are slow to load."""
    return [found[1] for path in sorted(MIGRATIONS.glob("*.py")) if (found := ID.search(path.read_text("utf-8")))]


async def _ran() -> list[db.Row]:
    there = "SELECT name FROM sqlite_master WHERE name = {}" if db.ON_SQLITE else "SELECT to_regclass({}) AS name"
    found = await db.one(there, "migration")
    if found is None or found["name"] is None:
        return []
    return list(await db.rows("SELECT name FROM migration WHERE app_name = {}", APP))


def run_migrate(options: Namespace) -> int:
    begun = time.perf_counter()
    try:
        with told(*UNREACHED):
            said = asyncio.run(migrate())
    except NotMigrated as error:
        raise Stop(f"a migration failed: {error}", 1) from error
    ran = re.findall(r"^\s*- ([0-9T:-]+) \[forwards\]", said, re.MULTILINE)
    if options.json:
        print(json.dumps({"ran": ran, "seconds": round(time.perf_counter() - begun, 3)}))
    else:
        print(f"The tables are up to date ({len(ran)} migrations ran)." if ran else "The tables are up to date.")
    return 0
