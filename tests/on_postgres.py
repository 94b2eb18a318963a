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


@contextlib.contextmanager
def server(folder: Path) -> Iterator[str]:
    """A running server's address, postgresql://user@host:port."""
    place = Path(tempfile.mkdtemp(prefix="comptoir-postgres-"))
    if os.geteuid() == 0:
        place.chmod(0o777)
    data, port = place / "data", _free_port()
    run = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/"}
    subprocess.run(
        _as_somebody([f"{folder}/initdb", "-D", f"{data}", "-U", "comptoir", "-A", "trust", "-E", "UTF8", "--locale=C"]), **run
    )
    start = [f"{folder}/pg_ctl", "-D", f"{data}", "-w", "-l", f"{place}/log", "-o", f"{OPTIONS} -p {port} -k {place}", "start"]
    subprocess.run(_as_somebody(start), **run)
    try:
        yield f"postgresql://comptoir@127.0.0.1:{port}"
    finally:
        subprocess.run(_as_somebody([f"{folder}/pg_ctl", "-D", f"{data}", "-m", "immediate", "stop"]), **run)
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
