"""Browsers with a page open: each has a stream, and notes the newest that it was told there."""

import asyncio
import re
import resource
import time
from collections.abc import Iterable
from itertools import islice

from tests.benchmarks.client import HOST, request

TOLD = re.compile(rb'"revision":(\d+),"unread":(\d+),"threads":(\d+)')
AT_ONCE = 50  # streams that are being opened
PATIENCE = 120.0  # seconds


class Open(asyncio.Protocol):
    """`revision`, `unread` and `threads` are the person's; a server that only counts says the same number each time."""

    def __init__(self) -> None:
        self.revision = self.unread = self.threads = 0
        self.at = 0.0  # when the newest came
        self.rest, self.told = b"", asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        *before, self.rest = (self.rest + data).split(b"\n\n")
        for found in TOLD.finditer(b"\n\n".join(before)):
            self.revision, self.unread, self.threads = map(int, found.groups())
            self.at = time.perf_counter()
            self.told.set()

    def connection_lost(self, exception: Exception | None) -> None:
        self.told.set()

    async def until(self, *, revision: int = 0, unread: int = 0, threads: int = 0) -> float:
        """The moment at which it was told so much. Raises ConnectionResetError when the server ends it before."""
        while self.revision < revision or self.unread < unread or self.threads < threads:
            if self.transport.is_closing():
                raise ConnectionResetError("the server has ended a stream")
            self.told.clear()
            await self.told.wait()
        return self.at


async def opened(port: int, path: str, people: Iterable[int]) -> list[Open]:
    """A stream for each, where the `path` may have their number in it. They have heard how things are."""
    many_files()
    found, numbers = list[Open](), iter(people)
    while some := list(islice(numbers, AT_ONCE)):
        async with asyncio.timeout(PATIENCE):
            found += await asyncio.gather(*(_opened(port, path, number) for number in some))
    return found


async def _opened(port: int, path: str, person: int) -> Open:
    transport, stream = await asyncio.get_running_loop().create_connection(Open, HOST, port)
    transport.write(request(path.format(person), cookie=session(person)))
    await stream.until(revision=1)
    return stream


def session(person: int) -> str:
    """The token that their cookie has."""
    return f"bench-stream-{person}"


def many_files() -> None:
    """Are allowed to this process as far as the system lets it: each stream is one."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536), hard))
