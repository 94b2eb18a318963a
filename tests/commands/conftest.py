"""`python -m app` as an operator runs it: processes of their own, a data folder and a database that nobody else uses."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.commands.ready import Ready, opened
from tests.conftest import SERVER, WORKER

ROOT = Path(__file__).parents[2]
Done = subprocess.CompletedProcess[str]


class Shell:
    """`place` is the data folder; `url` the PostgreSQL database in use, empty on SQLite. A command that is called is a fork of
    a Python that has its libraries (see `ready`), one that is started a process from its beginning."""

    def __init__(self, place: Path, url: str, ready: Ready) -> None:
        self.place, self.url, self.ready = place, url, ready

    def environment(self, **more: str) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("COMPTOIR_")}
        own = {"COMPTOIR_DATA_DIR": str(self.place)} | ({"COMPTOIR_DATABASE_URL": self.url} if self.url else {})
        return plain | own | more

    def __call__(self, *arguments: str | Path, **environment: str) -> Done:
        return self.ready.ask([*map(str, arguments)], self.environment(**environment), timeout=120)

    def works(self, *arguments: str | Path, **environment: str) -> str:
        done = self(*arguments, **environment)
        assert done.returncode == 0, done
        return done.stdout

    def json(self, *arguments: str | Path) -> Any:
        """The one object on standard output: anything before or after it is an error."""
        done = self(*arguments, "--json")
        assert "Traceback" not in done.stderr, done.stderr
        return json.loads(done.stdout)

    def start(self, *arguments: str | Path, stderr: int = subprocess.STDOUT, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "app", *map(str, arguments)], cwd=ROOT, env=self.environment(**environment),
            stdout=subprocess.PIPE, stderr=stderr, text=True,
        )  # fmt: skip

    async def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """From beside the app, as another program would read."""
        if self.url:
            other = await asyncpg.connect(self.url)
            try:
                return [tuple(row) for row in await other.fetch(sql)]
            finally:
                await other.close()
        with closing(sqlite3.connect(self.place / "comptoir.db", timeout=10, isolation_level=None)) as connection:
            return connection.execute(sql).fetchall()

    change = rows

    async def count(self, table: str) -> int:
        return int((await self.rows(f"SELECT count(*) FROM {table}"))[0][0])


Shells = Callable[..., Awaitable[Shell]]


@pytest.fixture(scope="session")
def ready() -> Iterator[Ready]:
    with tempfile.TemporaryDirectory(prefix="comptoir-ready-") as folder, opened(Path(folder), ROOT) as made:
        yield made


@pytest.fixture(scope="session")
async def with_tables(ready: Ready, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shell]:
    """Its tables are made once, by the command itself; tests work on copies."""
    async with _server() as server:
        made = await _another(server, ready, tmp_path_factory.mktemp(f"shell_{WORKER}_tables_"))
        made.works("migrate")
        yield made
        await _gone(server, made)


@pytest.fixture(scope="session")
async def with_shop(with_tables: Shell, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shell]:
    """The demo shop is in it; it too is made once."""
    async with _server() as server:
        place = tmp_path_factory.mktemp(f"shell_{WORKER}_shop_") / f"shell_{WORKER}_shop"
        made = await _another(server, with_tables.ready, place, with_tables)
        made.works("seed")
        yield made
        await _gone(server, made)


@pytest.fixture
async def shells(ready: Ready, tmp_path: Path) -> AsyncIterator[Shells]:
    """Each call opens another one, on a database that does not exist yet (SQLite) or is empty, or on a copy of one's."""
    made: list[Shell] = []
    async with _server() as server:

        async def another(like: Shell | None = None) -> Shell:
            made.append(await _another(server, ready, tmp_path / f"shell_{WORKER}_{len(made)}", like))
            return made[-1]

        yield another
        for shell in made:
            await _gone(server, shell)


@pytest.fixture
async def bare(shells: Shells) -> Shell:
    return await shells()


@pytest.fixture
async def shell(shells: Shells, with_tables: Shell) -> Shell:
    return await shells(with_tables)


@pytest.fixture
async def shop(shells: Shells, with_shop: Shell) -> Shell:
    """A shell with the demo shop in its tables."""
    return await shells(with_shop)


@asynccontextmanager
async def _server() -> AsyncIterator[asyncpg.Connection | None]:
    connection = await asyncpg.connect(f"{SERVER}/postgres") if SERVER else None
    try:
        yield connection
    finally:
        if connection:
            await connection.close()


async def _another(server: asyncpg.Connection | None, ready: Ready, place: Path, like: Shell | None = None) -> Shell:
    if like:
        shutil.copytree(like.place, place)
    if not server:
        return Shell(place, "", ready)
    await server.execute(f"DROP DATABASE IF EXISTS {place.name} WITH (FORCE)")
    await server.execute(f"CREATE DATABASE {place.name} TEMPLATE {like.place.name if like else 'template1'}")
    return Shell(place, f"{SERVER}/{place.name}", ready)


async def _gone(server: asyncpg.Connection | None, shell: Shell) -> None:
    if server:
        await server.execute(f"DROP DATABASE {shell.place.name} WITH (FORCE)")


def said_until(process: subprocess.Popen[str], words: str, times: int = 1) -> str:
    """What the server has said when it has said `words` so often; fails when it ends before."""
    assert process.stdout is not None
    said = ""
    while said.count(words) < times:
        line = process.stdout.readline()
        assert line, said
        said += line
    return said


def damage(path: Path) -> None:
    """Overwrites pages in the middle of a closed database."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'orders'").fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    with path.open("rb+") as file:
        file.seek((root - 1) * size)
        file.write(b"\x99" * size)
