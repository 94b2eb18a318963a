"""The demo's parcels have come a believable way, and are where the orders say."""

from datetime import UTC, date, datetime

import pytest

from app.demo.orders import snapshots
from app.demo.scans import messages
from app.shipments.snapshot import TrackingSnapshot
from app.shipments.states import Checkpoint, state

pytestmark = pytest.mark.without_database

DAYS = [date(2026, 11, 21), date(2028, 2, 29), date(2027, 1, 1), date(2027, 3, 28), date(2026, 6, 15)]


def ways(today: date) -> list[TrackingSnapshot]:
    return [message for _slug, message in messages(snapshots(today), today)]


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_a_parcel_is_where_its_order_says(today: date) -> None:
    parcels = {one.tracking_number: one for order in snapshots(today) for one in order.shipments if one.tracking_number}
    morning = datetime(today.year, today.month, today.day, 8, tzinfo=UTC)
    found = ways(today)
    assert len(found) > 20
    for message in found:
        parcel = parcels[message.tracking_number]
        said = state([Checkpoint(scan.id, scan.at, scan.status) for scan in message.scans])
        assert (said.status, said.delivered_at) == (parcel.status, parcel.delivered_at)
        assert said.shipped_at == parcel.shipped_at
        assert max(scan.at for scan in message.scans) <= morning
        assert all(scan.words and scan.place and scan.latitude for scan in message.scans)


def test_every_kind_of_news_is_there() -> None:
    found = ways(DAYS[0])
    reasons = {scan.reason for message in found for scan in message.scans}
    assert {"consignee_not_home", "weather_delay", "customs_delay"} <= reasons
    assert any(message.pickup and message.pickup.code and message.pickup.hours for message in found)
    assert any(message.signed_by for message in found)
    assert len({scan.id for message in found for scan in message.scans}) == sum(len(message.scans) for message in found)
