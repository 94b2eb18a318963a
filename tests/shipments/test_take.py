"""Carriers' news: taken once, told once, and never taken back by something older."""

from datetime import UTC, datetime, timedelta

import pytest

from app import db
from app.errors import Missing
from app.ingest import actions as ingest
from app.ingest import kept
from app.shipments import words
from app.shipments.actions import take
from app.shipments.snapshot import PickupPoint, ScanSnapshot
from tests import builders
from tests.builders import NIA
from tests.shipments.steps import START, news, parcel, row_of, scan, shipment, told


async def revision() -> int:
    return int((await db.rows("SELECT revision FROM customers WHERE email = {}", builders.ALICE))[0]["revision"])


async def order_row() -> db.Row:
    return (await db.rows("SELECT * FROM orders"))[0]


async def test_news_moves_the_parcel_the_order_and_the_customers_revision() -> None:
    number, before = await parcel(), 0
    before = await revision()
    taken = await take(await builders.merchant(), news(scan(0, "in_transit"), scan(20, "out_for_delivery", place="Lyon")))
    assert (taken.result, taken.scans, taken.parcels) == ("changed", 2, [number])
    row = await row_of(number)
    assert (row["status"], row["scanned_at"], row["shipped_at"]) == ("out_for_delivery", START + timedelta(hours=20), START)
    order = await order_row()
    assert (order["carrier_status"], order["stage"]) == ("out_for_delivery", "on_the_way")
    assert await revision() == before + 1
    assert (await told())[1:] == [("…shipment_in_transit", "p1"), ("shipment_out_for_delivery", "p1")]


async def test_the_same_again_changes_nothing_and_tells_nobody() -> None:
    await parcel()
    merchant, said = await builders.merchant(), news(scan(0, "in_transit", id="s1"), scan(20, "delivered"), signed_by="A. M.")
    await take(merchant, said)
    before = await revision(), await told(), await db.rows("SELECT * FROM scans ORDER BY id")
    taken = await take(merchant, said)
    assert (taken.result, taken.scans) == ("unchanged", 0)
    assert (await revision(), await told(), await db.rows("SELECT * FROM scans ORDER BY id")) == before


async def test_an_old_scan_that_comes_late_takes_nothing_back() -> None:
    number, merchant = await parcel(), await builders.merchant()
    await take(merchant, news(scan(30, "delivered")))
    await take(merchant, news(scan(5, "in_transit")))
    row = await row_of(number)
    assert (row["status"], row["delivered_at"]) == ("delivered", START + timedelta(hours=30))
    assert (await told())[1:] == [("shipment_delivered", "p1"), ("…shipment_in_transit", "p1")]


@pytest.mark.parametrize(("later", "ends"), [("in_transit", "delivered"), ("returned_to_sender", "returned_to_sender")])
async def test_delivered_is_the_end_unless_it_goes_back(later: str, ends: str) -> None:
    number = await parcel()
    await take(await builders.merchant(), news(scan(1, "delivered"), scan(2, later)))  # type: ignore[arg-type]
    row = await row_of(number)
    assert (row["status"], row["delivered_at"] is None) == (ends, ends != "delivered")


async def test_a_second_failed_attempt_is_told_again_on_another_day_only() -> None:
    await parcel()
    failed = [scan(hours, "attempt_failed", reason="consignee_not_home") for hours in (1, 2, 26)]
    for one in failed:
        await take(await builders.merchant(), news(one))
    assert (await told())[1:] == [("shipment_attempt_failed", "p1"), ("shipment_attempt_failed", "p1 2")]


async def test_what_nobody_understands_is_kept_and_counted_once_and_changes_no_state() -> None:
    number, merchant = await parcel(), await builders.merchant()
    odd = scan(3, "unknown", words="Le colis médite", code="ZEN")
    for _ in range(2):
        await take(merchant, news(scan(0, "in_transit"), odd, source="yoga"))
    assert (await row_of(number))["status"] == "in_transit"
    assert [(row["source"], row["word"], row["times"]) for row in await words.unknown()] == [("yoga", "ZEN", 1)]
    assert [row["words"] for row in await db.rows("SELECT words FROM scans ORDER BY at")] == ["", "Le colis médite"]


@pytest.mark.parametrize(
    ("country", "expected"),
    [("CH", datetime(2026, 7, 1, 8, tzinfo=UTC)), ("DE", datetime(2026, 7, 1, 8, tzinfo=UTC)),
     ("US", datetime(2026, 7, 1, 14, tzinfo=UTC)), ("", datetime(2026, 7, 1, 14, tzinfo=UTC))],
)  # fmt: skip
async def test_a_time_without_a_zone_is_the_places_or_the_merchants(country: str, expected: datetime) -> None:
    await parcel()
    await db.execute("UPDATE merchants SET time_zone = 'America/New_York'")
    naive = datetime(2026, 7, 1, 10)
    await take(await builders.merchant(), news(ScanSnapshot(at=naive, status="in_transit", country=country)))
    (row,) = await db.rows("SELECT at, zoned FROM scans")
    assert (row["at"], bool(row["zoned"])) == (expected, False)


async def test_a_number_is_found_however_it_is_written_and_only_by_its_merchant() -> None:
    await parcel()
    nia = await builders.merchant(NIA, "Nia Audio")
    assert (await take(await builders.merchant(), news(scan(0, "in_transit"), number="6a12345678"))).scans == 1
    for merchant, number in ((nia, "6A12345678"), (await builders.merchant(), "6A"), (await builders.merchant(), " ")):
        with pytest.raises(Missing):
            await take(merchant, news(scan(0, "in_transit"), number=number))


async def test_one_label_for_two_orders_moves_both() -> None:
    first, second = await parcel("A-1"), await parcel("A-2")
    taken = await take(await builders.merchant(), news(scan(0, "delivered")))
    assert taken.parcels == [first, second]
    assert [row["stage"] for row in await db.rows("SELECT stage FROM orders")] == ["delivered", "delivered"]


async def test_a_carriers_promise_goes_before_the_shops_and_one_that_moves_a_day_is_told() -> None:
    number, merchant = await parcel(estimated_to=START + timedelta(days=1)), await builders.merchant()
    for days in (2, 2.5, 4):
        await take(merchant, news(scan(days, "in_transit"), estimated_to=START + timedelta(days=days)))
    await take(merchant, news(scan(0, "picked_up"), estimated_to=START + timedelta(days=9)))
    row = await row_of(number)
    assert (row["estimated_to"], row["estimated_by"]) == (START + timedelta(days=4), "carrier")
    moved = [key for kind, key in await told() if kind == "shipment_rescheduled"]
    assert moved == ["p1 2026-11-05", "p1 2026-11-07"]
    await builders.order("A-1", shipments=[shipment(estimated_to=START)], note="later")
    assert (await row_of(number))["estimated_to"] == START + timedelta(days=4)


async def test_where_a_parcel_waits_and_who_signed_are_kept() -> None:
    number = await parcel()
    point = PickupPoint(name="Tabac du Port", address=["3 quai Sud"], hours=["Mo–Sa 8–19"], code="4711")
    await take(await builders.merchant(), news(scan(1, "ready_for_pickup"), pickup=point))
    await take(await builders.merchant(), news(scan(9, "delivered"), signed_by="A. Martin"))
    row = await row_of(number)
    assert ('"code":"4711"' in row["pickup"], row["signed_by"]) == (True, "A. Martin")


async def test_a_shops_newer_snapshot_leaves_the_scans_word_alone_and_tells_nothing_twice() -> None:
    number = await parcel()
    await take(await builders.merchant(), news(scan(0, "in_transit"), scan(30, "delivered")))
    before = await told()
    await builders.order("A-1", shipments=[shipment(status="in_transit")], note="changed")
    row, order = await row_of(number), await order_row()
    assert (row["status"], row["delivered_at"], order["stage"]) == ("delivered", START + timedelta(hours=30), "delivered")
    await builders.order("A-1", shipments=[shipment(status="delivered")], note="changed again")
    assert await told() == before


async def test_what_the_shop_told_is_not_told_again_by_a_scan() -> None:
    await parcel(status="delivered", delivered_at=START)
    before = await told()
    await take(await builders.merchant(), news(scan(0, "delivered")))
    assert await told() == before


async def test_another_label_begins_anew() -> None:
    number = await parcel()
    await take(await builders.merchant(), news(scan(0, "delivered"), signed_by="Somebody"))
    await builders.order("A-1", shipments=[shipment("9Z 1", status="in_transit")], note="wrong label")
    row = await row_of(number)
    assert (row["status"], row["scanned_at"], row["signed_by"], row["tracking_key"]) == ("in_transit", None, "", "9Z1")
    assert await db.rows("SELECT id FROM scans") == []


async def test_an_export_of_a_scanned_order_comes_back_without_changing_it() -> None:
    await parcel()
    await take(await builders.merchant(), news(scan(0, "in_transit"), estimated_to=START + timedelta(days=2)))
    order = await order_row()
    out = (await kept.snapshots([order["id"]]))[order["id"]]
    assert (await ingest.record(out)).result == "unchanged"


async def test_where_a_parcel_goes_is_kept_with_it() -> None:
    number = await parcel()
    assert (await row_of(number))["destination"] == "FR-69"
