"""Sends the letters that a request has written down, when it is answered: nobody waits for a mail server, and how long it
takes tells nothing."""

from typing import Any

from litestar.types import ASGIApp, Receive, Send

from app.mail import letters


class Posting:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        written: list[str] = []
        letters.written.set(written)
        await self.app(scope, receive, send)
        if written:
            await letters.post()
