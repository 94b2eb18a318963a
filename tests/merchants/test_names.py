"""Merchants' names are kept for a minute; a new one is known at once."""

from datetime import UTC, datetime, timedelta

import time_machine

from app import db
from app.merchants import actions, names

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


async def test_they_are_told_by_name_each_with_its_short_name() -> None:
    made = [await actions.ensure(slug, name) for slug, name in (("b", "atelier"), ("a", "Bücher"), ("c", "Alpages"))]
    assert await names.of(made) == [("c", "Alpages"), ("b", "atelier"), ("a", "Bücher")]
    assert await names.of([*made[:1], 999_999]) == [("b", "atelier")]
    assert await names.of([]) == []


async def test_a_new_name_is_seen_after_a_minute() -> None:
    number = await actions.ensure("mo", "Mo")
    with time_machine.travel(NOW, tick=False):
        assert await names.of([number]) == [("mo", "Mo")]
        await db.execute("UPDATE merchants SET name = {} WHERE id = {}", "Atelier Mo", number)
        assert await names.of([number]) == [("mo", "Mo")]
    with time_machine.travel(NOW + timedelta(seconds=61), tick=False):
        assert await names.of([number]) == [("mo", "Atelier Mo")]


async def test_not_more_are_kept_than_is_sensible() -> None:
    numbers = [await actions.ensure(f"m{n}") for n in range(3)]
    names.known.update((n, ("x", "x", NOW)) for n in range(1_000_000, 1_000_000 + names.MOST))
    assert len(await names.of(numbers[:1])) == 1
    assert len(await names.of(numbers)) == 3
    assert len(names.known) == 3
