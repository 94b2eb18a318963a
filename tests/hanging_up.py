"""For a client that wants each answer whole: who has asked for a stream leaves after its first words."""

import asyncio
from typing import Any

from litestar.types import ASGIApp, Receive, Send


def hanging_up(app: ASGIApp) -> ASGIApp:
    async def asked(scope: Any, receive: Receive, send: Send) -> None:
        left, streams = asyncio.Event(), False

        async def hear(message: Any) -> None:
            nonlocal streams
            if message["type"] == "http.response.start":
                streams = (b"content-type", b"text/event-stream; charset=utf-8") in message["headers"]
            elif streams:
                if left.is_set():
                    return
                message = {**message, "more_body": False}
                left.set()
            await send(message)

        async def say() -> Any:
            if not streams:
                return await receive()
            await left.wait()
            return {"type": "http.disconnect"}

        await app(scope, say, hear)

    return asked
