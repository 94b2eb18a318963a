"""Files beside the database that only those may see whom a page shows them."""

import os
import secrets
from pathlib import Path


def write(folder: Path, name: str, body: bytes) -> None:
    """Whole or not at all, and on the disk before a row names it; for nobody else's eyes on this machine."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = folder / f"{name}.{secrets.token_hex(4)}.part"
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    half.replace(folder / name)
