"""What is done as of another time is done at that time, and nothing else is."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from app import clock

pytestmark = pytest.mark.without_database

THEN = datetime(2020, 2, 29, 12, tzinfo=UTC)


async def test_a_past_is_made_inside_and_nowhere_else() -> None:
    started, seen = asyncio.Event(), []

    async def meanwhile() -> None:
        started.set()
        seen.append(clock.now())

    before = clock.now()
    other = asyncio.create_task(meanwhile())
    with clock.as_of(THEN):
        assert clock.now() == THEN
        assert clock.today("Asia/Tokyo") == THEN.date()
        await started.wait()
        with clock.as_of(THEN + timedelta(days=1)):
            assert clock.now() > THEN
        assert clock.now() == THEN
    await other
    assert seen[0] >= before
    assert clock.now() >= before


def test_what_fails_inside_leaves_the_present_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError), clock.as_of(THEN):
        assert 1 / 0
    assert clock.now() > THEN
