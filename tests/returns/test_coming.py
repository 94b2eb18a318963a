"""The parcel that comes back: tracked like any other, it moves its return, and nothing of the order it was bought in."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from httpx import AsyncClient

from app import clock, db
from app.accounts import customers
from app.errors import Missing
from app.ingest.snapshot import LineQuantity, Person, Shipment
from app.offline import choosing
from app.returns import asking, coming, deciding, kept, receiving, rules, sending, withdrawals
from app.returns.rule_book import Rules
from app.setting_values import Carrier
from app.shipments import overdue
from app.shipments.actions import Taken
from app.shipments.snapshot import ScanSnapshot, TrackingSnapshot
from app.tracking import karrio, polling
from app.tracking.taking import take
from tests import builders
from tests.merchants.counter import program
from tests.returns import bought

NUMBER = "6A99988877766"
BOB = Person(email=builders.BOB, name="Bob")


async def _sent_back(number: str = NUMBER, kind: str = "return", **about: Any) -> tuple[str, Mapping[str, Any]]:
    """On its way by its customer's own word."""
    order = await bought.delivered(**about)
    line = (await bought.line_ids(order))[0]
    if kind == "withdrawal":
        code = await withdrawals.declare(order["customer"], {line: 1}, by="customer:1")
    else:
        code = await asking.ask(order["customer"], bought.asked(line), by="customer:1")
        await deciding.approve(order["merchant"], code, by="member:1")
    await sending.sent(order["customer"], code, carrier="Colissimo", number=number, by="customer:1")
    return code, order


async def _waiting_for_its_parcel(**about: Any) -> tuple[str, Mapping[str, Any]]:
    """Its number is known before anybody says that it was sent: as with a label that was bought."""
    order = await bought.delivered(**about)
    line = (await bought.line_ids(order))[0]
    await rules.save(order["merchant"], Rules(ways=("label",)), by=None)
    code = await asking.ask(order["customer"], bought.asked(line, way="label"), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    async with db.transaction():
        await customers.lock(order["customer"])
        await coming.expect(await kept.by_code(code), "Colissimo", NUMBER)
    return code, order


def _scan(hours: float, status: Any, **about: Any) -> ScanSnapshot:
    return ScanSnapshot(at=clock.now() + timedelta(hours=hours), status=status, **{"words": status.upper(), **about})


async def _said(*scans: ScanSnapshot, number: str = NUMBER, merchant: str = builders.MO) -> Taken:
    news = TrackingSnapshot(source="test", tracking_number=number, scans=list(scans))
    return await take(await builders.merchant(merchant), news)


async def _row(code: str) -> Mapping[str, Any]:
    (row,) = await db.rows("SELECT * FROM returns WHERE code = {}", code)
    return row


async def test_the_first_scan_sets_a_return_off_and_its_last_one_hands_it_to_the_seller() -> None:
    code, _order = await _waiting_for_its_parcel()
    await _said(_scan(-5, "info_received"))
    assert (await bought.state(code), (await _row(code))["waiting_on"]) == ("label_issued", "buyer")
    await _said(_scan(-4, "picked_up", place="Lyon", country="FR"))
    row = await _row(code)
    assert (row["state"], row["waiting_on"], row["due_at"], row["came_at"]) == ("in_transit", "carrier", None, None)
    await _said(_scan(-3, "in_transit"), _scan(-1, "delivered"))
    row = await _row(code)
    assert (row["state"], row["waiting_on"]) == ("in_transit", "seller")
    assert row["due_at"] > clock.now()
    assert row["came_at"] is not None
    assert (await bought.told(code))[-2:] == ["return_in_transit", "return_arrived"]
    await receiving.receive(row["merchant"], code, {}, rest="sound", by="member:1")
    assert await bought.state(code) == "received"
    await _said(_scan(-0.5, "in_transit"))
    assert (await bought.told(code)).count("return_arrived") == 1


async def test_all_of_it_at_once_in_any_order_and_doubled_is_said_once() -> None:
    code, _order = await _waiting_for_its_parcel()
    scans = [_scan(-1, "delivered"), _scan(-4, "picked_up"), _scan(-2, "in_transit")]
    await asyncio.gather(*(_said(*some) for some in (scans, scans[::-1], scans[:1], scans)))
    found = await bought.told(code)
    assert found[-2:] == ["return_in_transit", "return_arrived"]
    assert len(found) == len(set(found))
    (n,) = await db.rows("SELECT count(*) AS n FROM scans")
    assert n["n"] == 3


async def test_a_withdrawals_parcel_is_its_proof_and_arrives(alice: AsyncClient) -> None:
    code, _order = await _sent_back(kind="withdrawal")
    due = (await _row(code))["refund_by"]
    await _said(_scan(-3, "in_transit"), _scan(-1, "delivered"))
    row = await _row(code)
    assert (row["state"], row["waiting_on"], row["due_at"]) == ("proof_sent", "seller", due)
    assert "withdrawal_arrived" in await bought.told(code)
    assert "At Atelier Mo, being checked" in (await alice.get(f"/returns/{code}")).text


async def test_the_pages_show_the_same_timeline_to_its_customer_and_at_the_desk(alice: AsyncClient) -> None:
    code, order = await _sent_back()
    text = (await alice.get(f"/returns/{code}")).text
    assert "Not scanned yet" in text
    assert NUMBER in text
    etag = (await alice.get(f"/returns/{code}")).headers["etag"]
    await _said(
        _scan(-30, "picked_up", place="Lyon", country="FR", latitude=45.76, longitude=4.84),
        _scan(-2, "delivered", place="Dijon", country="FR", latitude=47.32, longitude=5.04), _scan(-9, "unknown", words="Trié"),
    )  # fmt: skip
    fresh = await alice.get(f"/returns/{code}", headers={"If-None-Match": etag})
    assert fresh.status_code == 200
    await builders.member("mo@example.com", builders.MO, "agent")
    alice.cookies.update(await builders.session("mo@example.com", factor=True))
    desk = (await alice.get(f"/desk/{builders.MO}/returns/{code}")).text
    for page in (fresh.text, desk):
        assert "Handed over to the seller" in page
        assert "Lyon, FR" in page
        assert "<q>Trié</q>" in page
        assert 'class="part way-map"' in page
        assert 'class="timeline"' in page
        assert "It never came" not in page
        assert NUMBER in page
    assert "At Atelier Mo, being checked" in fresh.text
    assert "It is there: count what came" in desk
    queue = (await alice.get(f"/desk/{builders.MO}/returns")).text
    assert code in queue
    assert "Arrived" in queue
    assert "On its way back" not in queue + fresh.text
    assert order["number"]


async def test_nothing_of_the_order_takes_it_for_one_of_its_parcels(alice: AsyncClient) -> None:
    code, order = await _sent_back()
    columns = "state, payment, fulfilment, stage, carrier_status, carrier, arrives_from, arrives_to, shipped_at, delivered_at"
    before = await db.rows(f"SELECT {columns} FROM orders")
    page = (await alice.get(f"/orders/{order['address']}")).text
    await _said(_scan(-30, "picked_up"), _scan(-2, "delivered"))
    assert await db.rows(f"SELECT {columns} FROM orders") == before
    now = (await alice.get(f"/orders/{order['address']}")).text
    assert page.count('class="card parcel"') == now.count('class="card parcel"') == 1
    assert NUMBER not in now.partition('id="timeline"')[0]
    assert await db.rows("SELECT id FROM events WHERE kind LIKE 'shipment%' AND data LIKE '%6A99988877766%'") == []
    (back,) = await db.rows("SELECT id FROM shipments WHERE of_return IS NOT NULL")
    assert (await alice.get(f"/orders/{order['address']}/parcels/{back['id']}/missing")).status_code == 404
    assert f'href="/orders/{order["address"]}"' not in (await alice.get(f"/orders?q={NUMBER}")).text
    numbers = await choosing.numbers(order["customer"], [order["id"]])
    assert numbers == {order["id"]: ["8R1"]}
    assert await bought.state(code) == "in_transit"


async def test_a_silent_one_is_nobodys_overdue_parcel(monkeypatch: pytest.MonkeyPatch) -> None:
    await _sent_back()
    await _said(_scan(-2, "in_transit"))
    later = clock.now() + timedelta(days=20)
    monkeypatch.setattr(clock, "now", lambda: later)
    overdue.walk.rest_until = overdue.walk.after = None
    await overdue.look()
    assert await db.rows("SELECT id FROM shipments WHERE overdue_at IS NOT NULL") == []


async def test_a_number_shows_nobody_anothers_parcel(client: AsyncClient) -> None:
    """Bob types the number of Alice's parcel, on its way to her, and that of her return."""
    theirs, _order = await _sent_back()
    for n, number in enumerate(("8R1", NUMBER)):
        code, _bobs = await _sent_back(number, external_id=f"B-{n}", customer=BOB)
        await _said(_scan(-2, "in_transit", place="Alice’s street"), number=number)
        client.cookies.update(await builders.session(builders.BOB))
        text = (await client.get(f"/returns/{code}")).text
        assert "Alice’s street" not in text
        assert 'class="card parcel"' not in text
    assert await db.rows("SELECT of_return FROM shipments WHERE of_return IS NOT NULL AND tracking_number <> {}", NUMBER) == []
    assert await bought.state(theirs) == "in_transit"


async def test_a_number_that_goes_out_later_is_no_longer_what_comes_back(client: AsyncClient) -> None:
    """Bob guesses the next number that the shop will use."""
    code, _order = await _sent_back("8R77", external_id="B-1", customer=BOB)
    sent = Shipment(id="p1", carrier="DHL", tracking_number="8R77", lines=[LineQuantity(line="1", quantity=1)])
    await builders.order("A-2", shipments=[sent])
    await _said(_scan(-1, "delivered", place="Alice’s street"), number="8R77")
    assert (await _row(code))["came_at"] is None
    client.cookies.update(await builders.session(builders.BOB))
    assert "Alice’s street" not in (await client.get(f"/returns/{code}")).text


async def test_what_happened_before_anybody_wanted_to_send_it_moves_nothing() -> None:
    code, _order = await _sent_back()
    await _said(_scan(-24 * 9, "in_transit"), _scan(-24 * 8, "delivered"))
    row = await _row(code)
    assert (row["waiting_on"], row["came_at"]) == ("carrier", None)


async def test_one_without_a_number_has_no_timeline_and_another_number_takes_the_place_of_the_labels() -> None:
    await _sent_back("", external_id="A-9")
    assert await db.rows("SELECT id FROM shipments WHERE of_return IS NOT NULL") == []
    code, order = await _waiting_for_its_parcel()
    page = "https://www.laposte.fr/outils/suivre-vos-envois"
    news = TrackingSnapshot(source="test", tracking_number=NUMBER, tracking_url=page, scans=[_scan(-2, "info_received")])
    await take(order["merchant"], news)
    assert [row["tracking_url"] for row in await db.rows("SELECT * FROM shipments WHERE of_return IS NOT NULL")] == [page]
    await sending.sent(order["customer"], code, carrier="DHL", number="JJD00 1", by="customer:1")
    (row,) = await db.rows("SELECT * FROM shipments WHERE of_return IS NOT NULL")
    assert (row["tracking_number"], row["carrier"], row["scanned_at"]) == ("JJD00 1", "DHL", None)
    assert row["tracking_url"] == "", "the page of another parcel"
    with pytest.raises(Missing):
        await _said(_scan(-1, "in_transit"))


async def test_carriers_are_asked_about_it_until_it_has_been_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    code, order = await _sent_back()
    asked: list[list[str]] = []

    def answer(_carrier: Carrier, numbers: list[str]) -> list[TrackingSnapshot]:
        asked.append(numbers)
        return [TrackingSnapshot(source="karrio:x", tracking_number=NUMBER, scans=[_scan(-1, "delivered")])]

    monkeypatch.setattr(karrio, "asked", answer)
    colissimo = Carrier(name="our-colissimo", connector="laposte", names=("Colissimo",))
    await polling.ask(colissimo)
    assert asked == [[NUMBER]]
    assert (await _row(code))["waiting_on"] == "seller"
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    await db.execute("UPDATE shipments SET status = 'in_transit' WHERE of_return IS NOT NULL")
    await db.execute("DELETE FROM tracking_polls")
    await polling.ask(colissimo)
    assert len(asked) == 1


async def test_programs_tell_of_it_and_read_it_by_its_number() -> None:
    code, _order = await _sent_back()
    here = f"/api/v1/shipments/{builders.MO}/{NUMBER}"
    scan = {"at": (clock.now() - timedelta(hours=1)).isoformat(), "status": "delivered", "words": "Livré"}
    async with await program() as mo:
        put = await mo.put(here, json={"scans": [scan]})
        assert (put.status_code, put.json()["result"], put.json()["scans"]) == (200, "updated", 1)
        (parcel,) = (await mo.get(here)).json()["parcels"]
        assert (parcel["order"], parcel["return_code"], parcel["status"]) == ("", code, "delivered")
        events = (await mo.get(f"/api/v1/returns/{code}")).json()["events"]
    assert [one["by"] for one in events if one["kind"] == "return_arrived"] == ["carrier"]
    assert (await _row(code))["waiting_on"] == "seller"
