"""Pictures that prove a delivery: private files, each under a name that never changes its content."""

import hashlib
import os
import re
import secrets
from pathlib import Path
from typing import Literal

from app.errors import Invalid, Missing
from app.settings import settings

Kind = Literal["photo", "signature"]
MEDIA_TYPES = {"webp": "image/webp", "png": "image/png", "jpg": "image/jpeg"}
NAME = re.compile(r"\d{1,19}-(photo|signature)-[0-9a-f]{32}\.(webp|png|jpg)")
LARGEST = 5_000_000  # bytes


def folder() -> Path:
    return settings.data_dir / "proofs"


def keep(shipment_id: int, kind: Kind, body: bytes) -> str:
    """The name under which it can be read; the same for the same picture. Raises Invalid for what is no picture.

    It waits for the disk: call it in a thread, and before the transaction that names the file.
    """
    name = f"{shipment_id}-{kind}-{hashlib.sha256(body).hexdigest()[:32]}.{_suffix(body)}"
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    half = folder() / f"{name}.{secrets.token_hex(4)}.part"
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    half.replace(folder() / name)
    return name


def read(name: str) -> tuple[bytes, str]:
    """The picture and its media type; raises Missing."""
    if not NAME.fullmatch(name):
        raise Missing
    try:
        return (folder() / name).read_bytes(), MEDIA_TYPES[name.rpartition(".")[2]]
    except OSError as error:
        raise Missing from error


def _suffix(body: bytes) -> str:
    """By the first bytes, whatever a sender says it is. No SVG: it can hold more than a picture."""
    if len(body) > LARGEST:
        raise Invalid(f"a picture of at most {LARGEST:,} bytes is taken")
    if body.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if body.startswith(b"RIFF") and body[8:12] == b"WEBP":
        return "webp"
    raise Invalid("a picture is a JPEG, PNG or WebP file")
