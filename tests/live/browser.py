"""A browser that listens: asks for the stream in this process and takes what comes, as fast or as slowly as a test wants."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar.types import ASGIApp

PATIENCE = 10  # seconds
EVENT = re.compile(r"id: (\d+)\nevent: counter\ndata: (\{.*\})\n\n")


class Listening:
    def __init__(self) -> None:
        self.status, self.headers = 0, {}
        self.said: asyncio.Queue[str] = asyncio.Queue()
        self.takes, self.begun, self.left, self.over = (asyncio.Event() for _ in range(4))
        self.takes.set()

    async def words(self) -> str:
        """The next that is written, at once what was written before."""
        async with asyncio.timeout(PATIENCE):
            return await self.said.get()

    async def state(self) -> tuple[int, int]:
        """Revision and unread of the next event; heartbeats are not told."""
        while True:
            if found := EVENT.search(await self.words()):
                told = json.loads(found[2])
                assert int(found[1]) == told["revision"]
                return told["revision"], told["unread"]

    async def end(self) -> str:
        """All that is still said until the stream is over."""
        async with asyncio.timeout(PATIENCE):
            await self.over.wait()
        return "".join(self.said.get_nowait() for _ in range(self.said.qsize()))

    async def hear(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            return
        await self.takes.wait()
        self.said.put_nowait(message["body"].decode())
        self.begun.set()
        if not message["more_body"]:
            self.left.set()

    async def say(self) -> Any:
        await self.left.wait()
        return {"type": "http.disconnect"}


@asynccontextmanager
async def listening(app: ASGIApp, cookies: dict[str, str]) -> AsyncIterator[Listening]:
    """From the moment at which the first words have come."""
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    scope: Any = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http", "path": "/live",
        "raw_path": b"/live", "query_string": b"", "root_path": "", "client": ("192.0.2.1", 1), "server": ("localhost", 80),
        "headers": [(b"cookie", cookie.encode()), (b"host", b"localhost")],
    }  # fmt: skip
    browser = Listening()

    async def ask() -> None:
        try:
            await app(scope, browser.say, browser.hear)
        finally:
            browser.begun.set()
            browser.over.set()

    asking = asyncio.create_task(ask())
    try:
        async with asyncio.timeout(PATIENCE):
            await browser.begun.wait()
        yield browser
    finally:
        browser.takes.set()
        browser.left.set()
        await asyncio.wait([asking], timeout=PATIENCE)
        asking.result()
