"""The client of the benchmark, on servers that hang up."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from tests.benchmarks.client import HOST, Client, request

pytestmark = pytest.mark.without_database

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


@asynccontextmanager
async def connected(answers: Callable[..., int]) -> AsyncIterator[Client]:
    """To a server that gives each connection as many answers as it is told, and hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(answers()):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(ANSWER)
        writer.close()

    async with await asyncio.start_server(serve, HOST, 0) as server:
        client = Client(server.sockets[0].getsockname()[1])
        await client.open()
        yield client
        client.close()


async def test_who_was_silent_for_too_long_comes_again() -> None:
    async with connected(lambda: 1) as client:
        for _ in range(3):
            assert (await client.one(request("/"))).body == b"hi"
            time.sleep(0.05)  # noqa: ASYNC251 - as hashing a password: the end is not noticed meanwhile


async def test_a_run_goes_on_over_other_connections() -> None:
    async with connected(lambda: 3) as client:
        run = await client.run(itertools.repeat(request("/")), 60, most=100)
        assert run.statuses == {200: run.answers}
        assert run.answers >= 100


async def test_a_server_that_never_answers_is_a_fault() -> None:
    async with connected(lambda: 0) as client:
        with pytest.raises(ConnectionError):
            await client.one(request("/"))
