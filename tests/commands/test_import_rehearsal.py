"""A dry run foretells exactly what the import then does."""

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import db
from app.commands.rehearsing import Rehearsal
from app.ingest import actions
from app.ingest.batch import Outcome
from app.ingest.snapshot import Amendment, OrderSnapshot, Refund
from tests.builders import MO, NIA, snapshot

AT = datetime(2026, 11, 3, tzinfo=UTC)
CURRENCIES = ["EUR", "EUR", "EUR", "EURO"]
Given = list[OrderSnapshot | Amendment]


async def rehearsed(given: Given, size: int) -> list[Outcome]:
    with closing(Rehearsal()) as rehearsal:
        return [one for part in batches(given, size) for one in await rehearsal.record_all(part)]


async def recorded(given: Given, size: int) -> list[Outcome]:
    return [one for part in batches(given, size) for one in await actions.record_all(part)]


def batches(given: Given, size: int) -> Sequence[Given]:
    return [given[start : start + size] for start in range(0, len(given), size)]


def results(outcomes: list[Outcome]) -> list[tuple[str, int, dict[str, str]]]:
    return [(one.result, one.lines, one.problems) for one in outcomes]


async def contents() -> list[list[dict[str, object]]]:
    tables = ("merchants", "customers", "orders", "order_lines", "refunds", "events")
    return [[dict(row) for row in await db.rows(f"SELECT * FROM {table} ORDER BY id")] for table in tables]


@st.composite
def orders(draw: st.DrawFn) -> OrderSnapshot:
    """Few ids, so that they meet again: changed, older, wrong, at another merchant."""
    return snapshot(
        draw(st.sampled_from("123")), merchant=draw(st.sampled_from([MO, NIA])), note=draw(st.sampled_from(["", "other"])),
        updated_at=draw(st.sampled_from([None, AT, AT + timedelta(days=1)])), currency=draw(st.sampled_from(CURRENCIES)),
    )  # fmt: skip


@st.composite
def refunds(draw: st.DrawFn) -> Amendment:
    refund = Refund(id=draw(st.sampled_from("ab")), amount=100, at=AT)
    return Amendment(source="test", merchant=MO, external_id=draw(st.sampled_from("1234")), refunds=[refund])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(orders(), max_size=6), st.lists(st.one_of(orders(), refunds()), max_size=6))
async def test_a_rehearsal_writes_nothing_and_foretells_what_the_import_does(kept: Given, given: Given) -> None:
    async with db.transaction():
        for table in ("events", "refunds", "payments", "order_lines", "orders"):
            await db.execute(f"DELETE FROM {table}")
    await actions.record_all(kept)
    before = await contents()
    foretold = await rehearsed(given, 6)
    assert await contents() == before
    assert results(foretold) == results(await recorded(given, 6))


async def test_an_order_that_comes_again_within_the_run_is_no_second_new_one() -> None:
    refund = Amendment(source="test", merchant=MO, external_id="1", refunds=[Refund(id="r", amount=100, at=AT)])
    unknown = Amendment(source="test", merchant=MO, external_id="9", refunds=refund.refunds)
    given: Given = [snapshot("1"), snapshot("2"), snapshot("1"), snapshot("2", note="changed"), refund, unknown]
    for size in (1, 3, 6):
        outcomes = await rehearsed(given, size)
        assert [one.result for one in outcomes] == ["new", "new", "unchanged", "updated", "updated", "refused"]
    assert [one.result for one in await recorded(given, 3)] == [one.result for one in outcomes]
