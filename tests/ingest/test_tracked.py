"""Two tell of one parcel, its shop and its carrier: neither undoes the other, nothing is told twice, and nothing is lost."""

from typing import Any

import msgspec
import pytest

from app import db
from app.ingest import actions, kept
from app.ingest.snapshot import Amendment, LineQuantity, OrderSnapshot, Shipment
from tests import builders
from tests.builders import MO, snapshot
from tests.shipments.steps import NUMBER, hours, order, parcel, said, scan, shipment, told


def again(updated: float, **about: Any) -> OrderSnapshot:
    """What the shop says later of the same order and its parcel."""
    part = {"id": "p1", "carrier": "UPS", "tracking_number": NUMBER, "shipped_at": hours(0), **about}
    return snapshot(
        updated_at=hours(updated),
        note=f"at {updated}",
        shipments=[Shipment(lines=[LineQuantity(line="1", quantity=1)], **part)],
    )


async def test_the_shops_word_does_not_undo_the_carriers() -> None:
    await parcel(estimated_to=hours(30))
    await said(scan(20, "out_for_delivery", reason="weather_delay"), estimated_to=hours(60))
    await actions.record(again(21, status="in_transit", estimated_to=hours(40), delivered_at=hours(2)))
    row, now = await shipment(), await order()
    assert (row["status"], row["reason"], row["delivered_at"], row["estimated_to"]) == (
        "out_for_delivery", "weather_delay", None, hours(60),
    )  # fmt: skip
    assert (now["carrier_status"], now["arrives_to"], now["delivered_at"], now["note"]) == (
        "out_for_delivery", hours(20), None, "at 21",  # the day on which it was in the van
    )  # fmt: skip


async def test_where_the_carrier_says_no_date_the_shops_is_taken() -> None:
    await parcel(estimated_to=hours(30))
    await said(scan(1, "in_transit"))
    await actions.record(again(2, estimated_to=hours(40)))
    assert ((await shipment())["estimated_to"], (await order())["arrives_to"]) == (hours(40), hours(40))


async def test_scans_of_which_nothing_is_understood_leave_the_status_to_the_shop() -> None:
    await parcel(status="in_transit")
    await said(scan(1, "unknown"))
    await actions.record(again(2, status="delivered", delivered_at=hours(2)))
    assert (await shipment())["status"] == "delivered"
    assert await told() == ["shipment_dispatched", "shipment_delivered"]


async def test_what_the_carrier_told_the_shop_does_not_tell_again() -> None:
    await parcel()
    await said(scan(1, "out_for_delivery"), scan(2, "attempt_failed"))
    before = await told()
    for updated, status in ((3, "out_for_delivery"), (4, "attempt_failed"), (5, "delivered")):
        await actions.record(again(updated, status=status))
    assert await told() == before


async def test_what_the_shop_told_the_carrier_does_not_tell_again() -> None:
    await parcel(status="out_for_delivery")
    await actions.record(again(2, status="delivered", delivered_at=hours(2)))
    assert (await said(scan(1, "out_for_delivery"), scan(2.1, "delivered"))).events == 0
    assert (await shipment())["delivered_at"] == hours(2.1)
    assert await told() == ["shipment_dispatched", "shipment_out_for_delivery", "shipment_delivered"]


async def test_an_amendment_does_not_undo_the_carriers_word_either() -> None:
    await parcel(carrier="")
    await said(scan(5, "out_for_delivery"))
    part = Shipment(id="p1", tracking_number=NUMBER, status="delivered", state="cancelled")
    news = Amendment(source="test", merchant=MO, external_id="1001", shipments=[part], updated_at=hours(9))
    assert [one.result for one in await actions.record_all([news])] == ["updated"]
    row = await shipment()
    assert (row["state"], row["status"], row["carrier"]) == ("cancelled", "out_for_delivery", "UPS")


async def test_a_number_put_right_begins_anew() -> None:
    await parcel()
    await said(scan(5, "out_for_delivery"), signed_by="Durand", estimated_to=hours(60))
    await actions.record(again(9, tracking_number="1ZXX", status="info_received"))
    row = await shipment()
    assert (row["status"], row["scanned_at"], row["signed_by"], row["heard"], row["estimated_to"]) == (
        "info_received", None, "", "{}", None,
    )  # fmt: skip
    assert await db.rows("SELECT id FROM scans") == []
    await actions.record(again(10, tracking_number="1z xx", status="info_received"))
    assert (await said(scan(6, "in_transit"), number="1ZXX")).scans == 1


async def test_what_is_exported_says_what_the_carrier_said_and_changes_nothing_when_it_comes_back() -> None:
    await parcel(carrier="", shipped_at=None)
    await said(scan(5, "in_transit"), scan(9, "delivered"), estimated_to=hours(8))
    (snapshot,) = (await kept.snapshots([(await order())["id"]])).values()
    (part,) = snapshot.shipments
    assert (part.status, part.delivered_at, part.estimated_to, part.carrier, part.shipped_at) == (
        "delivered", hours(9), hours(8), "UPS", hours(5),
    )  # fmt: skip
    copy = msgspec.json.decode(msgspec.json.encode(snapshot), type=OrderSnapshot)
    assert (await actions.record(copy)).result == "unchanged"


async def test_events_of_the_shops_own_news_name_the_parcel() -> None:
    await parcel()
    row = await shipment()
    await actions.record(again(2, status="out_for_delivery"))
    for kind in ("shipment_dispatched", "shipment_out_for_delivery"):
        (found,) = await db.rows("SELECT data FROM events WHERE kind = {}", kind)
        assert msgspec.json.decode(found["data"])["shipment"] == row["id"]


async def test_the_same_order_for_another_customer_is_told_to_the_new_one() -> None:
    await parcel()
    other = again(2)
    other.customer.email = builders.BOB
    await actions.record(other)
    bob = await builders.customer(builders.BOB)
    await said(scan(3, "in_transit"))
    (row,) = await db.rows("SELECT customer FROM events WHERE kind = 'shipment_in_transit'")
    assert row["customer"] == bob


@pytest.mark.parametrize(("about", "eased"), [
    ({"status": "delivered", "delivered_at": hours(90)}, True),
    ({"status": "delivered"}, True),
    ({"estimated_to": hours(200)}, True),
    ({"tracking_number": "1ZXX"}, True),
    ({"tracking_url": "https://ups.example/1"}, False),
])  # fmt: skip
async def test_what_the_shop_says_anew_takes_the_mark_of_lateness_away(about: dict[str, Any], eased: bool) -> None:
    await parcel(status="in_transit", estimated_to=hours(30))
    row = await shipment()
    await db.execute("UPDATE shipments SET overdue_at = {}, overdue_why = 'late'", hours(80))
    await actions.record(again(95, **{"status": "in_transit", "estimated_to": hours(30), **about}))
    now = await shipment()
    assert now["id"] == row["id"]
    assert ((now["overdue_at"] is None), now["overdue_why"]) == (eased, "late")
