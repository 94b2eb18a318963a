"""Static files under content-hashed names, bundled and compressed once at the start. No build step, no Node."""

import hashlib
import re
from functools import cached_property
from pathlib import Path
from urllib.parse import urljoin

import brotli
from msgspec import Struct

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
PREFIX = "/static/"
BUNDLES = {"css/app.css": "css/ORDER", "js/app.js": "js/ORDER"}
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png",
               ".ico": "image/x-icon", ".webp": "image/webp", ".jpg": "image/jpeg", ".woff2": "font/woff2"}  # fmt: skip
COMPRESSIBLE = {".css", ".js", ".svg"}


class Asset(Struct, frozen=True, dict=True):
    body: bytes
    media_type: str
    compressible: bool

    @cached_property
    def compressed(self) -> bytes:
        """By brotli, when somebody first asks: the API's reference takes seconds, and a start must not."""
        return brotli.compress(self.body, quality=11 if len(self.body) < 200_000 else 6)


class Assets:
    """`url("css/app.css")` → "/static/css/app.3f2a….css"; `files` maps those addresses to what is served."""

    def __init__(self, root: Path = STATIC) -> None:
        self.root = root
        self.urls: dict[str, str] = {}
        self.files: dict[str, Asset] = {}
        for path in sorted(root.rglob("*"), key=lambda path: (path.suffix == ".css", path)):
            if path.is_file() and path.suffix in MEDIA_TYPES:
                self.add(path.relative_to(root).as_posix(), path.read_bytes())
        for name, order in BUNDLES.items():
            self.add(name, self._concatenated(order))

    def url(self, name: str) -> str:
        return self.urls[name]

    def add(self, name: str, body: bytes) -> str:
        if name.endswith(".css"):
            body = re.sub(rb"url\((['\"]?)(?!data:|#|/)([^)'\"]+)\1\)", lambda found: self._reference(name, found), body)
        stem, _, suffix = name.rpartition(".")
        url = f"{PREFIX}{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{suffix}"
        kind = MEDIA_TYPES[f".{suffix}"]
        self.files[url] = Asset(body, kind, f".{suffix}" in COMPRESSIBLE)
        self.urls[name] = url
        return url

    @property
    def build(self) -> str:
        """Changes exactly when an asset changes."""
        return hashlib.sha256("".join(sorted(self.files)).encode()).hexdigest()[:12]

    def _concatenated(self, order: str) -> bytes:
        names = [line.strip() for line in (self.root / order).read_text().splitlines()]
        separator = b"\n;\n" if order.startswith("js") else b"\n"
        return separator.join((self.root / name).read_bytes() for name in names if name and not name.startswith("#"))

    def _reference(self, css: str, found: re.Match[bytes]) -> bytes:
        return b"url(" + self.url(urljoin(css, found[2].decode())).encode() + b")"
