"""Product pictures kept with the orders, and merchants' logos, under names that never change their content."""

import re
from pathlib import Path

from app.errors import Missing
from app.settings import settings

MEDIA_TYPES = {".svg": "image/svg+xml", ".webp": "image/webp", ".png": "image/png", ".jpg": "image/jpeg"}
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,120}\.(svg|webp|png|jpg)")


def folder() -> Path:
    return settings.data_dir / "pictures"


def keep(name: str, body: bytes) -> None:
    """Whole or not at all: a reader never sees half a picture."""
    _checked(name)
    folder().mkdir(parents=True, exist_ok=True)
    half = folder() / f"{name}.part"
    half.write_bytes(body)
    half.replace(folder() / name)


def read(name: str) -> tuple[bytes, str]:
    """The picture and its media type; raises Missing."""
    path = folder() / _checked(name)
    try:
        return path.read_bytes(), MEDIA_TYPES[path.suffix]
    except OSError as error:
        raise Missing from error


def drop(name: str) -> None:
    """When nobody names it any more."""
    (folder() / _checked(name)).unlink(missing_ok=True)


def url(name: str) -> str:
    """Where a line's picture is shown from: only pictures we keep, never another host's."""
    return f"/pictures/{name}" if NAME.fullmatch(name) else ""


def _checked(name: str) -> str:
    if not NAME.fullmatch(name):
        raise Missing
    return name
