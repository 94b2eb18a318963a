"""A merchant's owner, a laptop at the desk, and the merchant's own server on loopback."""

from collections.abc import AsyncIterator

import pytest

from app import outgoing
from tests import builders
from tests.accounts.conftest import laptop, laptops, statements  # noqa: F401 - fixtures
from tests.builders import MO, NIA
from tests.merchants.at_desk import ELSEWHERE, OWNER, STAFF


@pytest.fixture(autouse=True)
async def people() -> None:
    await builders.member(OWNER, MO, "owner")
    await builders.member(STAFF, MO)
    await builders.member(ELSEWHERE, NIA, "owner")


@pytest.fixture
async def session() -> AsyncIterator[outgoing.Session]:
    async with outgoing.session() as opened:
        yield opened
