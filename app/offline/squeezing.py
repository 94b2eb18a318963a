"""One compressed stream of many pages: what they have in common is sent once, if the window reaches back to it."""

import zlib
from typing import Any

import brotli

QUALITY, WINDOW = 5, 22  # of brotli; 4 MB are all of a hundred orders
LITTLE = {"quality": 10, "lgwin": 18}


class Squeezing:
    """`encoding` is what the answer says of itself, empty when nothing is squeezed."""

    def __init__(self, accepted: str) -> None:
        names = [name.partition(";")[0].strip() for name in accepted.lower().split(",")]
        self.encoding = next((name for name in ("br", "gzip") if name in names), "")
        self._brotli: Any = brotli.Compressor(quality=QUALITY, lgwin=WINDOW) if self.encoding == "br" else None
        self._zlib: Any = zlib.compressobj(6, zlib.DEFLATED, 31) if self.encoding == "gzip" else None

    def little(self) -> None:
        """Before anything is taken: it is a few orders that have changed, and worth a closer look."""
        if self._brotli:
            self._brotli = brotli.Compressor(**LITTLE)

    def take(self, text: bytes, *, through: bool = False) -> bytes:
        """What can be sent now; `through`: all that was taken so far."""
        if self._brotli:
            made: bytes = self._brotli.process(text)
            return made + self._brotli.flush() if through else made
        if self._zlib:
            made = self._zlib.compress(text)
            return made + self._zlib.flush(zlib.Z_SYNC_FLUSH) if through else made
        return text

    def rest(self) -> bytes:
        made: bytes = self._brotli.finish() if self._brotli else self._zlib.flush() if self._zlib else b""
        return made
