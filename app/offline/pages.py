"""The pack that a phone keeps: all of it in one answer, made while it is sent; after that only what has changed."""

import asyncio
import re
import time
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotAuthorizedException
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from app.i18n import voice
from app.offline import guard, making
from app.offline.choosing import MOST
from app.offline.door import Within
from app.offline.making import Asked
from app.offline.squeezing import Squeezing
from app.web import access, caching

TOGETHER = 16  # lines a piece; a phone that is cut off loses no more than these
FEW = range(6)  # orders that have changed
PATIENCE = 30  # seconds with one that takes nothing more


@get("/offline/pack", access=access.CUSTOMER)
async def pack(request: Request) -> Response[Any]:
    """NDJSON; see `making.lines`. `cursor`, `resume`, `after` and `most` as of `Asked`."""
    query = request.query_params
    cursor, resume, after, most = (query.get(name, "") for name in ("cursor", "resume", "after", "most"))
    return Pack(request, Asked(cursor, resume, after, int(most) if re.fullmatch("[0-9]{1,3}", most) else MOST))


class Pack(Response[bytes]):
    """An answer without its last line is one that was cut off: the session has ended meanwhile, or something failed."""

    def __init__(self, request: Request, asked: Asked) -> None:
        super().__init__(b"")
        self.request, self.asked = request, asked

    def to_asgi_response(self, *_: Any, **__: Any) -> ASGIResponse:
        return self  # type: ignore[return-value]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        guard.begin(self.request.user)
        squeezing = Squeezing(self.request.headers.get("accept-encoding", ""))
        left = asyncio.create_task(_gone(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self._headers(squeezing.encoding)})
            there = await self._stream(squeezing, send, left)
        finally:
            left.cancel()
            guard.end(self.request.user)
        if there:
            await send({"type": "http.response.body", "body": squeezing.rest(), "more_body": False})

    async def _stream(self, squeezing: Squeezing, send: Send, left: "asyncio.Task[None]") -> bool:
        """Whether the one who asked is still there."""
        within, count, end = Within(self.request), 0, time.monotonic() + guard.LONGEST
        try:
            async for line in making.lines(self.request.user, voice(), within, self.asked, caching.MADE_BY):
                if line.get("orders", "") in FEW:
                    squeezing.little()
                piece = squeezing.take(making.encoded(line), through=count % TOGETHER == 0)
                taken = not piece or await _taken(send, piece)
                count += 1
                await asyncio.sleep(0)  # others are waiting, too
                if left.done() or not taken or time.monotonic() > end:
                    return False
        except NotAuthorizedException:
            pass
        return True

    def _headers(self, encoding: str) -> list[tuple[bytes, bytes]]:
        said = {
            "Content-Type": "application/x-ndjson; charset=utf-8", "Cache-Control": "no-store", "Vary": caching.VARY,
            "X-Viewer": self.request.user.public_id, "X-Build": caching.BUILD,
        } | ({"Content-Encoding": encoding} if encoding else {})  # fmt: skip
        return [(name.lower().encode(), value.encode()) for name, value in said.items()]


async def _taken(send: Send, piece: bytes) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    except TimeoutError:
        return False
    return True


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


CUSTOMER = [pack]
