"""What a carrier says is kept, understood, shown on the order and told: each once."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app import db
from app.accounts import customers
from app.errors import Invalid, Missing, Refused
from app.ingest.snapshot import Address, Payment, Person, Shipment
from app.shipments import order_summaries, scans, words
from app.shipments.actions import take
from app.shipments.snapshot import PickupPoint, ScanSnapshot
from tests import builders
from tests.shipments.steps import (
    NUMBER,
    T0,
    event,
    everything,
    hours,
    message,
    noticed,
    order,
    parcel,
    said,
    scan,
    shipment,
    told,
)  # fmt: skip


async def test_a_parcel_goes_from_label_to_delivered() -> None:
    before = await parcel()
    for at, status in ((1, "info_received"), (2, "picked_up"), (20, "in_transit"), (30, "out_for_delivery")):
        await said(scan(at, status, place="Lyon", country="FR", latitude=45.76, longitude=4.84))
    taken = await said(scan(34, "delivered"), signed_by="Martin")
    assert (taken.result, taken.scans, taken.events) == ("updated", 1, 1)
    assert taken.shipments == [(await shipment())["id"]]
    now = await order()
    assert (now["stage"], now["carrier_status"], now["fulfilment"], now["delivered_at"]) == (
        "delivered", "delivered", "delivered", hours(34),
    )  # fmt: skip
    assert await told() == [
        "shipment_dispatched", "shipment_info_received", "shipment_picked_up", "shipment_in_transit",
        "shipment_out_for_delivery", "shipment_delivered",
    ]  # fmt: skip
    assert await noticed() == await told()
    row = await shipment()
    assert (row["status"], row["delivered_at"], row["scanned_at"], row["signed_by"]) == (
        "delivered", hours(34), hours(34), "Martin",
    )  # fmt: skip
    assert await event("shipment_delivered") == {
        "key": "p1", "shipment": row["id"], "carrier": "UPS", "tracking_number": NUMBER, "signed_by": "Martin", "occurrence": 1,
    }  # fmt: skip
    money = ("total", "payment", "refunded", "difference", "content_hash")
    assert [now[name] for name in money] == [before[name] for name in money]


async def test_the_same_again_writes_nothing() -> None:
    await parcel()
    news = message(scan(1, "in_transit", place="Lyon"), scan(1, "in_transit", place="Lyon"), estimated_to=hours(48))
    merchant = await builders.merchant()
    assert (await take(merchant, news)).scans == 1
    before = await everything()
    taken = await take(merchant, news)
    assert (taken.result, taken.scans, taken.events) == ("unchanged", 0, 0)
    assert await everything() == before


async def test_a_scan_on_the_way_asks_nothing_of_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most scans of a parcel: it is under way, at another place."""
    await parcel()
    await said(scan(1, "in_transit", place="Lyon"))
    renewed: list[int] = []
    monkeypatch.setattr(order_summaries, "renew", _kept_in(renewed))
    assert (await said(scan(2, "in_transit", place="Paris"))).result == "updated"
    assert (await shipment())["scanned_at"] == hours(2)
    assert renewed == []
    await said(scan(3, "out_for_delivery"))
    await said(estimated_to=hours(30), said_at=hours(4))
    assert renewed == [(await order())["id"]] * 2


def _kept_in(numbers: list[int]) -> Callable[[int], Awaitable[None]]:
    async def renew(number: int) -> None:
        numbers.append(number)

    return renew


async def test_the_customers_revision_rises_once_a_message() -> None:
    await parcel()
    (before,) = await db.rows("SELECT revision FROM customers")
    await said(scan(1, "in_transit"), scan(2, "out_for_delivery"))
    (after,) = await db.rows("SELECT revision FROM customers")
    assert after["revision"] == before["revision"] + 1


async def test_what_comes_late_takes_nothing_back_and_is_news_to_nobody() -> None:
    await parcel()
    await said(scan(30, "out_for_delivery"))
    await said(scan(10, "in_transit"))
    assert (await shipment())["status"] == "out_for_delivery"
    assert await noticed() == ["shipment_dispatched", "shipment_out_for_delivery"]
    assert await told() == ["shipment_dispatched", "shipment_out_for_delivery", "shipment_in_transit"]


async def test_of_a_message_that_tells_a_whole_way_only_the_end_is_news() -> None:
    await parcel()
    await said(scan(1, "in_transit"), scan(5, "out_for_delivery"), scan(9, "delivered"))
    assert await noticed() == ["shipment_dispatched", "shipment_delivered"]
    assert len(await told()) == 4


async def test_history_is_news_to_nobody() -> None:
    await parcel()
    await take(await builders.merchant(), message(scan(9, "delivered")), history=True)
    assert await noticed() == ["shipment_dispatched"]
    assert await told() == ["shipment_dispatched", "shipment_delivered"]


async def test_delivered_is_the_end_but_for_a_return() -> None:
    await parcel()
    await said(scan(9, "delivered"))
    await said(scan(11, "in_transit"))
    assert ((await shipment())["status"], (await shipment())["delivered_at"]) == ("delivered", hours(9))
    await said(scan(30, "returned_to_sender", reason="consignee_refused"))
    row = await shipment()
    assert (row["status"], row["reason"], row["delivered_at"]) == ("returned_to_sender", "consignee_refused", hours(9))
    assert (await order())["stage"] == "returned"


async def test_a_second_failed_attempt_is_told_again() -> None:
    await parcel()
    await said(scan(1, "out_for_delivery"))
    await said(scan(3, "attempt_failed", reason="consignee_not_home"))
    assert (await order())["stage"] == "needs_you"
    assert (await event("shipment_attempt_failed"))["reason"] == "consignee_not_home"
    await said(scan(3.1, "attempt_failed", place="Lyon"))
    assert (await told()).count("shipment_attempt_failed") == 1
    await said(scan(25, "out_for_delivery"), scan(27, "attempt_failed"))
    assert (await noticed()).count("shipment_attempt_failed") == 2
    assert (await event("shipment_attempt_failed"))["occurrence"] == 2


async def test_a_parcel_is_found_however_its_number_is_written() -> None:
    await parcel(tracking_number=" 1z 5R89 3903-5756 7127")
    assert (await said(scan(1, "in_transit"), number="1z5r89390357567127\t")).result == "updated"


@pytest.mark.parametrize("number", ["", " ", "2", "\0", "1Z5R89390357567127\0"])
async def test_no_parcel_with_that_number(number: str) -> None:
    await parcel()
    with pytest.raises(Missing):
        await said(scan(1, "in_transit"), number=number)


async def test_another_merchants_parcel_does_not_exist() -> None:
    await parcel()
    nia = await builders.merchant(builders.NIA)
    with pytest.raises(Missing):
        await take(nia, message(scan(1, "in_transit")))


async def test_all_parcels_with_one_number_are_told() -> None:
    await parcel()
    first = (await shipment())["id"]
    from app.ingest.snapshot import Person, Shipment

    await builders.order(
        "1002", customer=Person(email=builders.BOB), shipments=[Shipment(id="b", tracking_number=NUMBER.lower())]
    )
    taken = await said(scan(1, "in_transit"))
    assert (len(taken.shipments), taken.shipments[0], taken.scans) == (2, first, 2)
    assert {row["carrier_status"] for row in await db.rows("SELECT carrier_status FROM orders")} == {"in_transit"}


@pytest.mark.skipif(db.ON_SQLITE, reason="SQLite has one writer")
async def test_a_customer_who_comes_in_late_and_out_of_turn_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Alice's parcel gets Bob's number while he is being locked; whoever locks both in their order then waits for him."""
    alice, bob = await builders.customer(), await builders.customer(builders.BOB, "Bob")
    parts = [Shipment(id="p1", tracking_number=NUMBER)]
    await builders.order("2", customer=Person(email=builders.BOB), shipments=parts)
    outside, real, held = contextvars.copy_context(), customers.lock, asyncio.Event()
    waiting: list[asyncio.Task[None]] = []

    async def in_order() -> None:
        async with db.transaction():
            await real(alice)
            held.set()
            await real(bob)

    async def lock(customer: int, *, wait: bool = True) -> None:
        await real(customer, wait=wait)
        if not waiting:
            await asyncio.create_task(builders.order("1", shipments=parts), context=outside)
            waiting.append(asyncio.create_task(in_order(), context=outside))
            await held.wait()

    news = message(scan(1, "in_transit"))
    monkeypatch.setattr("app.shipments.actions.customers.lock", lock)
    with pytest.raises(Refused, match="Send it again") as refused:
        await take(await builders.merchant(), news)
    assert refused.value.status == 503
    await waiting[0]
    assert len((await take(await builders.merchant(), news)).shipments) == 2


async def test_the_carriers_own_id_tells_scans_apart() -> None:
    await parcel()
    await said(scan(1, "in_transit", id="a"), scan(1, "in_transit", id="b"))
    taken = await said(scan(2, "in_transit", id="a"), scan(1, "in_transit", id="c" * 500))
    assert taken.scans == 1
    assert len(await db.rows("SELECT id FROM scans")) == 3


@pytest.mark.parametrize(
    ("country", "utc"),
    [("FR", 7), ("DE", 7), ("GB", 8), ("US", 7), ("", 7), ("xx", 7), ("JP", -1)],
)
async def test_a_time_without_a_zone_is_read_by_the_clock_of_the_place(country: str, utc: int) -> None:
    """In the United States clocks differ: the merchant's is taken."""
    await builders.merchant(time_zone="Europe/Paris")
    await parcel()
    await said(ScanSnapshot(at=datetime(2026, 11, 3, 8), status="in_transit", country=country))
    (row,) = await db.rows("SELECT at, zoned FROM scans")
    assert row["at"] == datetime(2026, 11, 3, tzinfo=UTC) + timedelta(hours=utc)
    assert not row["zoned"]


async def test_words_that_nobody_knows_are_kept_and_counted() -> None:
    await parcel(status="in_transit")
    await said(scan(1, "unknown", words="Vol au-dessus de l’océan"), scan(2, "unknown", words="x", code="ZZ9"))
    await said(scan(1, "unknown", words="Vol au-dessus de l’océan"), scan(3, "unknown", words="y", code="ZZ9"))
    rows = await db.rows("SELECT source, word, times FROM carrier_words ORDER BY word")
    assert [tuple(row.values()) for row in rows] == [("test", "Vol au-dessus de l’océan", 1), ("test", "ZZ9", 2)]
    row = await shipment()
    assert (row["status"], row["scanned_at"]) == ("in_transit", hours(3))


async def test_made_up_words_fill_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "MOST", 3)
    await parcel()
    await said(*(scan(n, "unknown", code=f"W{n}") for n in range(6)))
    await said(scan(9, "unknown", code="W0"))
    rows = await db.rows("SELECT word, times FROM carrier_words ORDER BY word")
    assert [(row["word"], row["times"]) for row in rows] == [("W0", 2), ("W1", 1), ("W2", 1)]


async def test_more_scans_than_any_parcel_has_are_refused_and_none_of_them_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "MOST", 3)
    await parcel()
    await said(scan(1, "in_transit"), scan(2, "on_hold"))
    with pytest.raises(Invalid) as refused:
        await said(scan(3, "in_transit"), scan(4, "delivered"))
    assert list(refused.value.fields) == ["/scans"]
    assert len(await db.rows("SELECT id FROM scans")) == 2


async def test_an_unfit_message_is_refused_or_trimmed() -> None:
    await parcel()
    with pytest.raises(Invalid) as refused:
        await said(ScanSnapshot(at=datetime(1, 1, 1), status="in_transit"), estimated_to=datetime(9999, 1, 1))
    assert set(refused.value.fields) == {"/scans/0/at", "/estimated_to"}
    await said(
        scan(1, "in_transit", words="a\0b", code="c" * 300, country="Germany", latitude=float("nan"), longitude=1.0),
        source="s" * 99,
    )
    (row,) = await db.rows("SELECT * FROM scans")
    assert (row["words"], len(row["code"]), row["country"], row["latitude"]) == ("ab", 80, "", None)


async def test_a_scan_of_the_future_is_held_at_when_we_heard_of_it() -> None:
    """Else it would stay the newest for good, and so would what was said with it."""
    await parcel()
    years = 24 * 365 * 50
    ahead = scan(years, "delivered", place="Lyon")
    with time_machine.travel(hours(10), tick=False):
        assert (await said(ahead, estimated_to=hours(24))).scans == 1
        assert (await shipment())["scanned_at"] == (await shipment())["delivered_at"] == hours(10)
        assert (await said(ahead)).scans == 0
    with time_machine.travel(hours(12), tick=False):
        await said(scan(11, "returned_to_sender"), estimated_to=hours(48))
    after = await shipment()
    assert (after["status"], after["scanned_at"], after["estimated_to"]) == ("returned_to_sender", hours(11), hours(48))


async def test_the_newer_estimate_is_kept_whatever_comes_last() -> None:
    await parcel(estimated_to=hours(24))
    await said(scan(5, "in_transit"), estimated_from=hours(70), estimated_to=hours(72))
    await said(scan(1, "info_received"), estimated_to=hours(30))
    assert (await shipment())["estimated_to"] == hours(72)
    assert (await order())["arrives_from"] == hours(70)
    assert (await told()).count("shipment_rescheduled") == 1
    await said(scan(6, "in_transit"), estimated_to=hours(75))
    await said(scan(7, "in_transit"), estimated_to=hours(99))
    assert (await told()).count("shipment_rescheduled") == 2


async def test_an_empty_carrier_is_named_by_the_number() -> None:
    await parcel(carrier="", shipped_at=None)
    await said(scan(3, "in_transit"))
    await said(scan(2, "picked_up"), service="Standard")
    row = await shipment()
    assert (row["carrier"], row["service"], row["shipped_at"]) == ("UPS", "Standard", hours(2))
    assert (await order())["carrier"] == "UPS"


async def test_a_pick_up_point_is_kept() -> None:
    await parcel()
    point = PickupPoint(name="Tabac du Parc", hours=["lun.–sam. 8–19 h"], code="4711", until=datetime(2026, 11, 9, 19))
    await said(scan(3, "ready_for_pickup"), pickup=point)
    row = await shipment()
    assert '"code":"4711"' in row["pickup"]
    assert "2026-11-09T18:00:00Z" in row["pickup"]
    assert (await order())["stage"] == "needs_you"


async def test_a_parcel_called_off_or_not_sent_yet_tells_nothing() -> None:
    await parcel(state="draft")
    taken = await said(scan(1, "info_received"))
    assert (taken.scans, taken.events, await told()) == (1, 0, [])


async def test_the_destination_is_where_the_order_goes() -> None:
    await parcel()
    assert (await shipment())["destination"] == "FR-69"
    await builders.order(
        "1001", shipping_address=Address(city="Toronto", region="ON", country="CA"), payments=[Payment(kind="card")],
        shipments=[], updated_at=T0,
    )  # fmt: skip
    assert (await shipment())["destination"] == "CA-ON"
