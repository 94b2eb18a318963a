"""A fresh database of a size, filled, and the real server on it; all of it gone afterwards."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import msgspec
from msgspec import Struct

from tests import on_postgres
from tests.benchmarks.client import HOST
from tests.benchmarks.filling import Cast

ROOT = Path(__file__).parents[2]


class Database(Struct):
    """`url` is what the app is told; `place` holds its data, and SQLite's file."""

    kind: str
    url: str
    place: Path

    @property
    def environment(self) -> dict[str, str]:
        others = {name: value for name, value in os.environ.items() if not name.startswith("COMPTOIR_")}
        return {**others, "COMPTOIR_DATABASE_URL": self.url, "COMPTOIR_DATA_DIR": str(self.place)}

    def run(self, *command: str) -> None:
        """A command of the app, in a process of its own."""
        subprocess.run([sys.executable, "-m", *command], env=self.environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    def filled(self, orders: int) -> Cast:
        self.run("app", "migrate")
        self.run("tests.benchmarks.filling", str(orders), str(self.place / "cast.json"))
        return msgspec.json.decode((self.place / "cast.json").read_bytes(), type=Cast)

    async def backends(self) -> list[int]:
        """The processes in which PostgreSQL works for the app."""
        if self.kind == "sqlite":
            return []
        connection = await asyncpg.connect(self.url)
        found = await connection.fetch(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await connection.close()
        return [row["pid"] for row in found]

    async def size(self) -> int:
        """Bytes on the disk."""
        if self.kind == "sqlite":
            return sum(path.stat().st_size for path in self.place.glob("comptoir.db*"))
        connection = await asyncpg.connect(self.url)
        size: int = await connection.fetchval("SELECT pg_database_size(current_database())")
        await connection.close()
        return size


@contextlib.contextmanager
def fresh(kind: str, server: str, name: str) -> Iterator[Database]:
    """`server` is a PostgreSQL server's address."""
    with tempfile.TemporaryDirectory(prefix="comptoir-bench-") as folder:
        place = Path(folder)
        if kind == "sqlite":
            yield Database(kind, f"sqlite:///{place / 'comptoir.db'}", place)
            return
        _command(server, f"CREATE DATABASE {name}")
        try:
            yield Database(kind, f"{server}/{name}", place)
        finally:
            _command(server, f"DROP DATABASE {name} WITH (FORCE)")


def _command(server: str, sql: str) -> None:
    """Also from within a running loop, hence psql."""
    folder = on_postgres.binaries()
    subprocess.run([f"{folder}/psql", "-q", f"{server}/postgres", "-c", sql], check=True)


@contextlib.contextmanager
def postgres(wanted: bool) -> Iterator[str]:
    """A throw-away server's address; empty when it is not wanted or not there."""
    folder = on_postgres.binaries() if wanted else None
    if folder is None:
        yield ""
        return
    with on_postgres.server(folder) as address:
        yield address


@contextlib.asynccontextmanager
async def served(database: Database, *, worker: bool = False) -> AsyncIterator[tuple[int, int]]:
    """The port and the process of the server. With its `worker` only where that is wanted: pages are measured undisturbed."""
    port = _free_port()
    log = database.place / "server.log"
    command = [sys.executable, "-m", "tests.benchmarks.server", str(port)]
    with log.open("wb") as said:
        environment = {**database.environment, "COMPTOIR_WORKER": "on" if worker else "off"}
        server = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=said, stderr=said)
    try:
        await _up(port, server)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(30)
        if faults := log.read_text("utf-8").splitlines():  # it logs nothing but what went wrong
            print(f"the server said {len(faults)} lines, at last: {faults[-1]}", file=sys.stderr)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


async def _up(port: int, server: "subprocess.Popen[bytes]") -> None:
    begun = time.monotonic()
    while server.poll() is None and time.monotonic() - begun < 60:
        with contextlib.suppress(OSError):
            _reader, writer = await asyncio.open_connection(HOST, port)
            writer.close()
            return
        await asyncio.sleep(0.1)
    raise RuntimeError("the server did not start")
