"""The real application with static files of every size beside its own, served as `python -m app serve` does.

`python -m tests.benchmarks.server PORT`. The files' content cannot be compressed further and pretends to be brotli, so
that on the wire they are as long as their name says, with the headers of any other static file.
"""

import random
import sys

import uvicorn
from litestar.types import ASGIApp

from app import asgi
from app.web.assets import Asset
from app.web.templating import assets

STEP, LARGEST = 128, 65_536  # bytes


def static_path(size: int) -> str:
    """Where the static answer nearest to a size is."""
    return f"/static/bench/{min(round(size / STEP) * STEP, LARGEST)}"


def create_app() -> ASGIApp:
    noise = random.Random(0).randbytes(LARGEST)
    for size in range(0, LARGEST + 1, STEP):
        assets.files[static_path(size)] = Asset(b"", "text/html", noise[:size])
    return asgi.create_app()


if __name__ == "__main__":
    uvicorn.run(
        "tests.benchmarks.server:create_app", factory=True, host="127.0.0.1", port=int(sys.argv[1]), loop="uvloop",
        http="httptools", ws="none", access_log=False, server_header=False, proxy_headers=True,
        forwarded_allow_ips="127.0.0.1", timeout_graceful_shutdown=2, log_level="warning",
    )  # fmt: skip
