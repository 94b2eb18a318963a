"""A small HTTP/1.1 client on loopback: some connections kept open, each asking again as soon as it is answered."""

import asyncio
import time
from collections.abc import Iterator

from msgspec import Struct

CONNECTIONS = 8
HOST = "127.0.0.1"


class Answer(Struct):
    status: int
    headers: dict[str, str]
    body: bytes


class Run(Struct):
    """`bytes` are of whole answers, headers included; `statuses` counts them."""

    answers: int
    seconds: float
    bytes: int
    statuses: dict[int, int]


class Connection(asyncio.Protocol):
    """Sends a request, takes the answer; uvicorn always says how long a body is."""

    def __init__(self) -> None:
        self.buffer = b""
        self.waiting: asyncio.Future[Answer] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        if not found or self.waiting is None or self.waiting.done():
            return
        status, headers = _head(head)
        length = 0 if status in (204, 304) else int(headers.get("content-length", "0"))
        if len(rest) >= length:
            self.buffer = rest[length:]
            self.waiting.set_result(Answer(status, headers, rest[:length]))

    def connection_lost(self, exception: Exception | None) -> None:
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_exception(exception or ConnectionResetError("the server hung up"))

    def ask(self, sent: bytes) -> "asyncio.Future[Answer]":
        """Raises ConnectionError, now or later, when the server has hung up."""
        if self.transport.is_closing():
            raise ConnectionResetError("the server has hung up")
        self.waiting = asyncio.get_running_loop().create_future()
        self.transport.write(sent)  # type: ignore[attr-defined]
        return self.waiting


def _head(head: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(": ") for line in lines)
    return int(first.split(" ", 2)[1]), {name.lower(): value for name, _, value in pairs}


def request(path: str, *headers: str, method: str = "GET", body: bytes = b"", cookie: str = "") -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {HOST}",
        "Accept-Encoding: gzip, deflate, br",
        "Accept-Language: en",
        *headers,
    ]
    if cookie:
        lines.append(f"Cookie: session={cookie}")
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


class Client:
    def __init__(self, port: int) -> None:
        self.port = port
        self.connections: list[Connection] = []

    async def open(self) -> None:
        self.connections = [await self._connected() for _ in range(CONNECTIONS)]

    async def _connected(self) -> Connection:
        _transport, connection = await asyncio.get_running_loop().create_connection(Connection, HOST, self.port)
        return connection

    def close(self) -> None:
        for connection in self.connections:
            connection.transport.close()

    async def one(self, sent: bytes) -> Answer:
        return await asyncio.wait_for(self._ask(0, sent), 30)

    async def _ask(self, n: int, sent: bytes) -> Answer:
        """Once more over another connection where the server hangs up without an answer, as it does with one that was silent
        for longer than it keeps them (five seconds): it has not read the request then."""
        try:
            return await self.connections[n].ask(sent)
        except ConnectionError:
            self.connections[n] = await self._connected()
            return await self.connections[n].ask(sent)

    async def run(self, requests: Iterator[bytes], seconds: float, most: int = 1_000_000) -> Run:
        """Until the time is up or `most` answers have come."""
        run = Run(0, 0.0, 0, {})
        begun = time.perf_counter()

        async def ask_on(n: int) -> None:
            while time.perf_counter() - begun < seconds and run.answers < most:
                answer = await self._ask(n, next(requests))
                run.answers += 1
                run.bytes += len(answer.body)
                run.statuses[answer.status] = run.statuses.get(answer.status, 0) + 1

        async with asyncio.timeout(seconds + 60):
            await asyncio.gather(*(ask_on(n) for n in range(len(self.connections))))
        run.seconds = time.perf_counter() - begun
        return run
