"""Laptops at the door: each with its own cookies, from a network of one's choice."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from litestar.types import ASGIApp

from app import db
from app.accounts import passwords

Laptops = Callable[..., httpx.AsyncClient]
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # the least that argon2 does
CHEAP_DUMMY = re.sub(r"m=\d+,t=\d+,p=\d+", "m=8,t=1,p=1", passwords.DUMMY)


@pytest.fixture(autouse=True)
def _cheap_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """64 MiB for each password is what most of the time would go into."""
    if "true_hashes" not in request.fixturenames:
        monkeypatch.setattr(passwords, "HASHER", CHEAP)
        monkeypatch.setattr(passwords, "DUMMY", CHEAP_DUMMY)


@pytest.fixture
def true_hashes() -> None:
    """For tests about what a password costs: with the parameters of the app."""


@pytest.fixture
async def laptops(application: ASGIApp) -> AsyncIterator[Laptops]:
    """`laptops(network="198.51.100.7")` opens another one."""
    async with AsyncExitStack() as stack:
        opened: list[httpx.AsyncClient] = []

        def another(network: str = "192.0.2.1", https: bool = False) -> httpx.AsyncClient:
            transport = httpx.ASGITransport(app=application, client=(network, 40_000))
            base = "https://localhost" if https else "http://localhost:8000"
            opened.append(httpx.AsyncClient(transport=transport, base_url=base))
            return opened[-1]

        stack.push_async_callback(_close, opened)
        yield another


async def _close(opened: list[httpx.AsyncClient]) -> None:
    for laptop in opened:
        await laptop.aclose()


@pytest.fixture
def laptop(laptops: Laptops) -> httpx.AsyncClient:
    return laptops()


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the database is asked from now on."""
    said: list[str] = []

    def watched(speak: Callable[..., Any]) -> Callable[..., Any]:
        async def speak_and_note(sql: str, *args: Any) -> Any:
            said.append(sql)
            return await speak(sql, *args)

        return speak_and_note

    monkeypatch.setattr(db, "rows", watched(db.rows))
    monkeypatch.setattr(db, "scan", watched(db.scan))
    return said
