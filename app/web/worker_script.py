"""The service worker, put together once at the start from `service_worker/`, with what it has to know of this counter."""

import hashlib

import msgspec

from app.settings import settings
from app.web.assets import ROOT
from app.web.templating import assets

ADDRESS = "/service-worker.js"  # whose folder is what it may look after: all of it
FOLDER = ROOT / "service_worker"
# It asks nobody but us, and loads no further scripts.
POLICY = (
    "default-src 'none'; connect-src 'self'; frame-ancestors 'none'; img-src 'self'; script-src 'self'; "
    "require-trusted-types-for 'script'"
)


def made() -> bytes:
    """A classic script: module workers are younger than the browsers we serve. Another version for every change, also of the
    pages' own files: browsers compare it byte by byte."""
    names = (FOLDER / "ORDER").read_text().split()
    code = b"\n".join((FOLDER / name).read_bytes() for name in names)
    about = {
        "version": hashlib.sha256(code + assets.build.encode()).hexdigest()[:12], "name": settings.name,
        "icon": assets.url("icons/push.png"), "badge": assets.url("icons/badge.png"),
    }  # fmt: skip
    return b"'use strict';\nconst COUNTER = " + msgspec.json.encode(about) + b";\n" + code


SCRIPT = made()
