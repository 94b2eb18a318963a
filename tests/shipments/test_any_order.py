"""Any order of any of the scans, in any portions, doubled or not, ends in what the sorted whole says."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import db
from app.events.actions import data_of
from app.shipments import order_summaries
from app.shipments.snapshot import ScanSnapshot
from app.shipments.states import Checkpoint, in_order, reached, state
from app.shipments.statuses import CarrierStatus
from tests.shipments.steps import T0, parcel, said

STATUSES = get_args(CarrierStatus)
# Few different times, so that many scans share one.
checkpoints = st.builds(
    Checkpoint,
    external_id=st.uuids().map(str),
    at=st.integers(0, 8).map(lambda hour: datetime(2026, 11, 3, hour, tzinfo=UTC)),
    status=st.sampled_from(STATUSES),
    reason=st.sampled_from(("", "weather_delay")),
)
several = st.lists(checkpoints, max_size=12, unique_by=lambda scan: scan.external_id)
SUMMARY = "stage, fulfilment, carrier_status, carrier, arrives_from, arrives_to, shipped_at, delivered_at, total, payment"
PARCEL = "status, reason, scanned_at, shipped_at, delivered_at, estimated_from, estimated_to, carrier, state"


@pytest.mark.without_database
@given(several, st.randoms(use_true_random=False))
@settings(max_examples=300)
def test_the_state_does_not_depend_on_the_order(scans: list[Checkpoint], rng: random.Random) -> None:
    shuffled = rng.sample(scans, len(scans))
    assert (state(shuffled), reached(shuffled), in_order(shuffled)) == (state(scans), reached(scans), in_order(scans))


@pytest.mark.without_database
@given(several, checkpoints)
@settings(max_examples=300)
def test_what_was_told_stays_true_whatever_comes_late(scans: list[Checkpoint], late: Checkpoint) -> None:
    def told(scans: Sequence[Checkpoint]) -> set[tuple[str, int]]:
        return {(one.status, one.number) for one in reached(scans)}

    assert told(scans) <= told([*scans, late])


@pytest.mark.without_database
@given(several, checkpoints)
@settings(max_examples=300)
def test_an_older_scan_never_takes_a_newer_state_back(scans: list[Checkpoint], late: Checkpoint) -> None:
    before = state(scans)
    newest = max((scan.at for scan in scans if scan.status != "unknown"), default=None)
    after = state([*scans, late])
    if newest and late.at < newest and late.status not in ("delivered", "returned_to_sender"):
        assert (after.status, after.delivered_at) == (before.status, before.delivered_at)
    if before.status == "returned_to_sender":
        assert after.status == "returned_to_sender"
    if before.status == "delivered":
        assert after.status in ("delivered", "returned_to_sender")


sent = st.lists(
    st.builds(
        ScanSnapshot,
        at=st.integers(0, 6).map(lambda hour: T0 + timedelta(hours=hour)),
        status=st.sampled_from(STATUSES),
        id=st.sampled_from(("", "", "a", "b")),
        words=st.sampled_from(("Colis pris en charge", "En cours de livraison", "Livré", "")),
        place=st.sampled_from(("Lyon", "")),
    ),
    max_size=9,
    unique_by=lambda scan: (scan.id, scan.at, scan.words, scan.place),
).filter(lambda scans: len({scan.id for scan in scans if scan.id}) == sum(1 for scan in scans if scan.id))


@given(sent, st.data(), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_order_and_portions_end_in_the_same(scans: list[ScanSnapshot], data: Any, rng: random.Random) -> None:
    whole = await _after([sorted(scans, key=lambda scan: scan.at)])
    again = rng.sample(scans, data.draw(st.integers(0, len(scans))))
    shuffled = rng.sample(scans + again, len(scans) + len(again))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(shuffled)), max_size=4)))
    portions = [shuffled[start:end] for start, end in zip([0, *cuts], [*cuts, len(shuffled)], strict=True)]
    assert await _after(portions) == whole


async def _after(portions: Sequence[Sequence[ScanSnapshot]]) -> tuple[Any, ...]:
    """What is left when these messages have come, one by one."""
    for table in ("events", "scans", "shipment_lines", "shipments", "order_lines", "payments", "orders", "carrier_words"):
        await db.execute(f"DELETE FROM {table}")
    await parcel(shipped_at=None)
    for portion in portions:
        await said(*portion)
    events = await db.rows("SELECT kind, data FROM events WHERE kind LIKE 'shipment%'")
    told = Counter((row["kind"], data_of(row["data"]).get("occurrence", 0)) for row in events)
    kept = [dict(row) for row in await db.rows("SELECT external_id, at, status, words FROM scans ORDER BY external_id")]
    words = [dict(row) for row in await db.rows("SELECT word, times FROM carrier_words ORDER BY word")]
    return dict((await db.rows(f"SELECT {PARCEL} FROM shipments"))[0]), await _summary(), told, kept, words


async def _summary() -> dict[str, Any]:
    """Of the one order: what all its parcels say together, also where a scan has left it alone."""
    (row,) = await db.rows(f"SELECT id, {SUMMARY} FROM orders")
    await order_summaries.renew(row["id"])
    (again,) = await db.rows(f"SELECT id, {SUMMARY} FROM orders")
    assert dict(again) == dict(row)
    return {name: value for name, value in row.items() if name != "id"}
