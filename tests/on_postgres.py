"""Runs a command with a throw-away PostgreSQL server: `python -m tests.on_postgres pytest tests`.

The server is made from the system's own binaries in a temporary folder, listens on loopback only, and is gone afterwards.
"""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses=127.0.0.1 -c max_connections=200"


def binaries() -> Path | None:
    """The folder of initdb and pg_ctl: on the PATH, or where Debian puts the newest."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return folders[-1] if folders else None


def _as_somebody(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return command
    names = {entry.pw_name for entry in pwd.getpwall()}
    return ["setpriv", f"--reuid={'postgres' if 'postgres' in names else 'nobody'}", "--clear-groups", *command]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`address` is postgresql://user@host:port."""

    def __init__(self, folder: Path, place: Path, port: int) -> None:
        self.folder, self.place = folder, place
        self.address = f"postgresql://comptoir@127.0.0.1:{port}"
        self.options = f"{OPTIONS} -p {port} -k {place}"

    def start(self) -> None:
        self._control("-w", "-l", f"{self.place}/log", "-o", self.options, "start")

    def stop(self, mode: str = "immediate") -> None:
        """`immediate`: as if it had died; `fast`: as an administrator does it."""
        self._control("-m", mode, "stop")

    def _control(self, *words: str) -> None:
        command = _as_somebody([f"{self.folder}/pg_ctl", "-D", f"{self.place}/data", *words])
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


@contextlib.contextmanager
def server(folder: Path) -> Iterator[str]:
    """A running server's address."""
    with running(folder) as made:
        yield made.address


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Server]:
    place = Path(tempfile.mkdtemp(prefix="comptoir-postgres-"))
    if os.geteuid() == 0:
        place.chmod(0o777)
    make = [f"{folder}/initdb", "-D", f"{place}/data", "-U", "comptoir", "-A", "trust", "-E", "UTF8", "--locale=C"]
    subprocess.run(_as_somebody(make), check=True, stdout=subprocess.DEVNULL, cwd="/")
    made = Server(folder, place, _free_port())
    made.start()
    try:
        yield made
    finally:
        made.stop()
        shutil.rmtree(place, ignore_errors=True)


def main() -> int:
    folder = binaries()
    if folder is None:
        line = "!" * 100
        print(
            f"{line}\nNO POSTGRESQL ON THIS MACHINE: NOTHING WAS TRIED ON IT (apt-get install postgresql)\n{line}", flush=True
        )
        return 0
    with server(folder) as address:
        return subprocess.run(sys.argv[1:], env={**os.environ, "POSTGRES_FOR_TESTS": address}).returncode


if __name__ == "__main__":
    sys.exit(main())
