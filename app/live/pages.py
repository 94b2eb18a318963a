"""The stream that a signed-in person's browser listens to: server-sent events (HTML Standard, 9.2)."""

import random
from typing import Any

from litestar import Request, Response, get
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from app.accounts import sessions
from app.live.hub import hub
from app.live.listeners import Listener, State
from app.tokens import hash_token
from app.web import access

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would keep the words until there are many
]
COME_AGAIN = range(1_000, 4_000)  # milliseconds after an end: not all at once to a server that has just started
WAIT_WHEN_FULL = 60  # seconds


@get("/live", access=access.CUSTOMER)
async def stream(request: Request) -> Response[Any]:
    """`event: counter` with the person's revision and unread notifications: at once as they are, then whenever they change.

    Who works at a desk hears how many returns wait there, too (`desks`).

    `event: over` says that it is not worth coming again: the session has ended, or too many other streams are open.
    """
    if hub.full:
        return Response(b"", status_code=503, headers={"Retry-After": str(WAIT_WHEN_FULL), "Cache-Control": "no-store"})
    viewer = request.user
    known = State(viewer.revision, viewer.unread, viewer.desks, viewer.unread_threads)
    return Stream(viewer.id, hash_token(request.cookies[sessions.cookie_name()]), known)


class Stream(Response[bytes]):
    """Lean: of every stream, only one task waits, for the browser to leave."""

    def __init__(self, customer: int, session: str, known: State) -> None:
        super().__init__(b"")
        self.customer, self.session, self.known = customer, session, known

    def to_asgi_response(self, *_: Any, **__: Any) -> ASGIResponse:
        return self  # type: ignore[return-value]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def write(words: bytes, more: bool) -> None:
            await send({"type": "http.response.body", "body": words, "more_body": more})

        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await write(b"retry: %d\n" % random.choice(COME_AGAIN) + self.known.event(), True)  # noqa: S311
        listener = Listener(self.customer, self.session, write, self.known)
        hub.add(listener)
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            hub.remove(listener)


CUSTOMER = [stream]
