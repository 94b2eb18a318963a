"""Servers in processes of their own, and a page open at one of them."""

import asyncio
import json
import signal
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

import httpx

from app.tokens import hash_token
from tests.commands.conftest import Shell

PATIENCE = 60  # seconds
NOW, LATER = "'2026-11-20 10:00:00+00:00'", "'2099-01-01 00:00:00+00:00'"


Serving = tuple[str, "subprocess.Popen[str]"]


@contextmanager
def serving(shell: Shell, *options: str) -> Iterator[Serving]:
    """Address and process. What it says is nobody's to read until it has ended."""
    with _started(shell, 1, options) as (one,):
        yield one


@contextmanager
def two_serving(shell: Shell) -> Iterator[tuple[Serving, Serving]]:
    """They begin and end at the same time."""
    with _started(shell, 2, ()) as (one, other):
        yield one, other


@contextmanager
def _started(shell: Shell, count: int, options: Sequence[str]) -> Iterator[list[Serving]]:
    probes = [socket.socket() for _n in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    processes = [shell.start("serve", "--no-migrate", "--port", str(port), *options) for port in ports]
    try:
        for port in ports:
            _wait_for(f"http://127.0.0.1:{port}/up")
        yield [(f"http://127.0.0.1:{port}", process) for port, process in zip(ports, processes, strict=True)]
    finally:
        for process in processes:
            process.terminate()  # not killed: its workers would live on
        for process in processes:
            process.communicate(timeout=PATIENCE)


def _wait_for(address: str) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            httpx.get(address)
            return
        except httpx.TransportError:
            assert time.monotonic() < end
            time.sleep(0.05)


def stopped(process: "subprocess.Popen[str]") -> str:
    """As an operator does it; all that the server has said."""
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    return said


async def person(shell: Shell) -> dict[str, str]:
    """Somebody with a session; its cookie."""
    await shell.change(
        "INSERT INTO customers (id, email, name, revision, unread, created_at) "
        f"VALUES (7, 'alice@example.com', 'Alice', 1, 0, {NOW})"
    )
    await shell.change(
        "INSERT INTO sessions (customer, token_hash, created_at, seen_at, expires_at) "
        f"VALUES (7, '{hash_token('hers')}', {NOW}, {LATER}, {LATER})"
    )
    return {"session": "hers"}


class Page:
    def __init__(self, lines: AsyncIterator[str]) -> None:
        self.lines = lines

    async def state(self) -> tuple[int, int]:
        async with asyncio.timeout(PATIENCE):
            async for line in self.lines:
                if line.startswith("data: {"):
                    told = json.loads(line.removeprefix("data: "))
                    return told["revision"], told["unread"]
        raise AssertionError("the stream is over")

    async def until(self, state: tuple[int, int]) -> float:
        """Seconds until it was told."""
        begun = time.monotonic()
        while await self.state() != state:
            pass
        return time.monotonic() - begun


@asynccontextmanager
async def page_open(address: str, cookies: dict[str, str]) -> AsyncIterator[Page]:
    async with (
        httpx.AsyncClient(cookies=cookies, timeout=PATIENCE) as browser,
        browser.stream("GET", f"{address}/live") as answer,
    ):
        assert answer.status_code == 200
        yield Page(answer.aiter_lines())
