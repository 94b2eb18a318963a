"""`python -m app backup`: the whole database in one file, as it is at one moment, while the counter goes on serving."""

import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
from argparse import Namespace
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote, urlsplit

from app import db
from app.commands import database
from app.commands.stop import Stop
from app.settings import settings
from app.sqlite import PooledSQLiteEngine


def run(options: Namespace) -> int:
    """The file appears whole under its name, readable by its owner only, or not at all."""
    target: Path = options.file.absolute()
    if target.exists() and not options.force:
        raise Stop(f"{options.file} is there already; --force replaces it")
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as folder:
            half = Path(folder) / "half"
            if isinstance(db.ENGINE, PooledSQLiteEngine):
                _from_sqlite(Path(db.ENGINE.path), half)
            else:
                _from_postgresql(half)
            _settle(half, target, options.force)
    except OSError as error:
        raise Stop(f"{options.file} cannot be written: {error.strerror}") from error
    size = target.stat().st_size
    if options.json:
        print(json.dumps({"file": str(target), "bytes": size, "also": [str(path) for path in _also()]}))
    else:
        print(f"{options.file}: {size:,} bytes.", "Copy as well:", *(f"  {path}" for path in _also()), sep="\n")
    return 0


def _from_sqlite(path: Path, half: Path) -> None:
    """SQLite's online backup in one step: it reads one state and, with a write-ahead log, stops nobody from writing."""
    if not path.is_file():
        raise Stop("there is no database yet")
    with database.told(), closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(half)) as copy:
        half.chmod(0o600)
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, with no log beside it
        fault = copy.execute("PRAGMA quick_check").fetchone()[0]
    if fault != "ok":
        raise Stop(f"the database is damaged: {fault}", 1)


def _from_postgresql(half: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise Stop("pg_dump is not on this machine: install postgresql-client, of the server's version or newer", 1)
    half.touch(mode=0o600)
    url = urlsplit(settings.database_url)
    # Not on the command line, where everybody on this machine could read the password.
    secret = {"PGPASSWORD": unquote(url.password)} if url.password else {}
    address = url._replace(netloc=url.netloc.replace(f":{url.password}@", "@")).geturl() if url.password else url.geturl()
    done = subprocess.run(  # noqa: S603 - our own arguments
        [program, "--format=custom", "--no-owner", f"--file={half}", f"--dbname={address}"],
        env={**os.environ, **secret}, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Stop(f"pg_dump: {done.stderr.strip()}", 1)


def _settle(half: Path, target: Path, force: bool) -> None:
    """On the disk first, then under its name; without `force` never over a file that has come meanwhile."""
    with half.open("rb+") as file:
        os.fsync(file.fileno())
    if force:
        half.replace(target)
    else:
        os.link(half, target)


def _also() -> list[Path]:
    """What is kept in files: the pictures and papers of orders and messages, and the keys that sign cookies and receipts."""
    names = ("pictures", "invoices", "proofs", "returns", "inbox", "secret_key", "signing_key")
    return [path for name in names if (path := settings.data_dir / name).exists()]
