"""Files of a form that waits until its sender has shown once more who they are: a page can keep texts for that, not files.

They lie in a folder of their own under a name that only that page says, for who has sent them alone; for an hour.
"""

import re
import secrets
import time
from pathlib import Path

import msgspec
from msgspec import Struct

from app import private_files
from app.settings import settings

FIELD = "waiting_files"  # in the form, which goes on with the name in it
KEPT_FOR = 3600  # seconds
NAME = re.compile(r"[0-9a-f]{32}")
FOLDER = "waiting"


class Waiting(Struct, frozen=True, array_like=True):
    """`field`: of the form; `called`: what its sender calls it."""

    field: str
    called: str
    body: bytes


def name() -> str:
    """Of the files of one form."""
    return secrets.token_hex(16)


def keep(customer: int, name: str, number: int, it: Waiting) -> None:
    private_files.write(_folder(), f"{customer}-{name}-{number:03}", msgspec.msgpack.encode(it))


def paths(customer: int, name: str) -> list[Path]:
    """In their order; none of a name that is nobody's, another's, or too old."""
    return sorted(_folder().glob(f"{customer}-{name}-???")) if NAME.fullmatch(name) else []


def read(path: Path) -> Waiting:
    return msgspec.msgpack.decode(path.read_bytes(), type=Waiting)


async def forget() -> None:
    """A chore."""
    before = time.time() - KEPT_FOR
    for path in _folder().glob("*-*"):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def _folder() -> Path:
    return settings.data_dir / FOLDER
