"""The real application with static files of every size beside its own, served as `python -m app serve` does.

`python -m tests.benchmarks.server PORT`. The files' content cannot be compressed further and pretends to be brotli, so
that on the wire they are as long as their name says, with the headers of any other static file.
"""

import itertools
import random
import sys
from typing import Any

import uvicorn
from litestar.types import ASGIApp, Receive, Send

from app import asgi
from app.web.assets import Asset
from app.web.templating import assets
from tests.benchmarks.listening import many_files

STEP, LARGEST = 128, 65_536  # bytes


def static_path(size: int) -> str:
    """Where the static answer nearest to a size is."""
    return f"/static/bench/{min(round(size / STEP) * STEP, LARGEST)}"


def create_app() -> ASGIApp:
    noise = random.Random(0).randbytes(LARGEST)
    for size in range(0, LARGEST + 1, STEP):
        assets.files[static_path(size)] = sent_as(noise[:size])
    return Counting(asgi.create_app())


def sent_as(body: bytes) -> Asset:
    """An asset whose compressed body is this."""
    asset = Asset(b"", "text/html", compressible=True)
    vars(asset)["compressed"] = body
    return asset


class Counting:
    """Beside the app: streams `/bench/stream/N` that are told numbers, by `/bench/tell/N` that one or (0) all."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.streams: dict[int, Send] = {}
        self.numbers = itertools.count(1)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if path.startswith("/bench/stream/"):
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await self._tell(send, next(self.numbers))
            self.streams[int(path.rpartition("/")[2])] = send
            while (await receive())["type"] != "http.disconnect":
                pass
        elif path.startswith("/bench/tell/"):
            n, number = int(path.rpartition("/")[2]), next(self.numbers)
            for stream in [self.streams[n]] if n else self.streams.values():
                await self._tell(stream, number)
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        else:
            await self.app(scope, receive, send)

    async def _tell(self, stream: Send, number: int) -> None:
        words = b'data: {"revision":%d,"unread":%d,"threads":%d}\n\n' % (number, number, number)
        await stream({"type": "http.response.body", "body": words, "more_body": True})


if __name__ == "__main__":
    many_files()
    uvicorn.run(
        "tests.benchmarks.server:create_app", factory=True, host="127.0.0.1", port=int(sys.argv[1]), loop="uvloop",
        http="httptools", ws="none", access_log=False, server_header=False, proxy_headers=True,
        forwarded_allow_ips="127.0.0.1", timeout_graceful_shutdown=2, log_level="warning",
    )  # fmt: skip
