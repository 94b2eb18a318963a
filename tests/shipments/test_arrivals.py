"""`/arrivals`: which parcel stands under which heading, on whose day, and that nobody sees another's."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from httpx import AsyncClient

from app import clock, db, i18n
from app.i18n import Voice
from app.ingest.snapshot import LineQuantity
from app.shipments import arrival_cards, arrivals, estimates, transit
from tests import builders
from tests.builders import ALICE, BOB
from tests.shipments.parcels import delivered, parcel, shipment

PARIS, AUCKLAND, NEW_YORK = "Europe/Paris", "Pacific/Auckland", "America/New_York"


@pytest.fixture(autouse=True)
def nothing_known() -> None:
    estimates.forget()


async def groups(zone: str = PARIS, email: str = ALICE, locale: str = "en") -> dict[str, list[str]]:
    """Heading → headlines."""
    i18n.current.set(Voice(locale, zone))
    parcels, contents = await arrivals.of(await builders.customer(email))
    times = await estimates.times_of({it.merchant for it in parcels})
    found = arrival_cards.headings(parcels, contents, times, Voice(locale, zone))
    return {heading.group: [card.said.headline for card in heading.cards] for heading in found}


async def group(zone: str = PARIS) -> str:
    (only,) = await groups(zone)
    return only


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def due(text: str, hours: int = 1, **more: Any) -> dict[str, Any]:
    return {"estimated_from": at(text), "estimated_to": at(text) + timedelta(hours=hours), **more}


@pytest.mark.parametrize(("about", "columns", "expected"), [
    ({"status": "attempt_failed"}, {}, "needs_you"),
    ({"status": "ready_for_pickup"}, {}, "needs_you"),
    ({"status": "returned_to_sender"}, {}, "needs_you"),
    ({"status": "returned_to_sender", "delivered_at": at("2026-11-22T10:00")}, {}, "needs_you"),
    ({"status": "returned_to_sender", "delivered_at": at("2026-11-12T10:00")}, {}, "needs_you"),
    ({"status": "on_hold"}, {"reason": "customs_duties_unpaid"}, "needs_you"),
    ({"status": "on_hold"}, {"reason": "weather_delay"}, "undated"),
    ({}, {"overdue_at": at("2026-11-24T08:00"), "overdue_why": "late"}, "needs_you"),
    ({"status": "out_for_delivery"}, {}, "today"),
    (due("2026-11-24T15:00"), {}, "today"),
    (due("2026-11-25T15:00"), {}, "tomorrow"),
    (due("2026-11-24T15:00", 24), {}, "tomorrow"),
    (due("2026-11-26T15:00"), {}, "later"),
    (due("2026-11-23T15:00"), {}, "late"),
    (due("2026-11-23T15:00", status="out_for_delivery"), {"scanned_at": at("2026-11-24T05:00")}, "today"),
    (due("2026-11-26T15:00", status="out_for_delivery"), {"scanned_at": at("2026-11-24T05:00")}, "today"),
    (due("2026-11-23T15:00", status="out_for_delivery"), {"scanned_at": at("2026-11-23T05:00")}, "late"),
    ({"status": "out_for_delivery"}, {"scanned_at": at("2026-11-22T05:00")}, "undated"),
    ({}, {}, "undated"),
    ({"status": "delivered", "delivered_at": at("2026-11-22T10:00")}, {}, "arrived"),
    ({}, {"missing_at": at("2026-11-24T08:00"), "overdue_at": at("2026-11-24T08:00")}, "undated"),
    ({"status": "delivered", "delivered_at": at("2026-11-12T10:00")}, {"missing_at": at("2026-11-14T08:00")}, "undated"),
    ({"status": "delivered", "delivered_at": at("2026-11-22T10:00")}, {"missing_at": at("2026-11-21T08:00")}, "arrived"),
])  # fmt: skip
@time_machine.travel("2026-11-24T12:00Z", tick=False)
async def test_each_parcel_has_its_heading(about: dict[str, Any], columns: dict[str, Any], expected: str) -> None:
    await parcel(columns=columns, **about)
    assert await group() == expected


@pytest.mark.parametrize(("locale", "said"), [
    ("en", "You said that it never came"), ("fr", "Vous avez signalé qu’il n’est jamais arrivé"),
])  # fmt: skip
async def test_what_was_reported_is_not_called_delivered(locale: str, said: str) -> None:
    await parcel(columns={"missing_at": clock.now()}, status="delivered", delivered_at=clock.now() - timedelta(hours=5))
    assert await groups(locale=locale) == {"undated": [said]}
    await db.execute("UPDATE orders SET payment = 'refunded'")
    assert await groups() == {}


async def test_what_went_back_and_was_paid_back_needs_nobody() -> None:
    await parcel(status="returned_to_sender")
    await db.execute("UPDATE orders SET payment = 'partly_refunded'")
    assert await group() == "needs_you"
    await db.execute("UPDATE orders SET payment = 'refunded'")
    assert await groups() == {}


@time_machine.travel("2026-11-24T12:00Z", tick=False)
async def test_what_came_long_ago_was_voided_or_is_still_a_draft_is_not_there() -> None:
    await parcel("1", status="delivered", delivered_at=at("2026-11-17T10:00"))
    await parcel("2", status="delivered")
    await parcel("3", state="cancelled")
    await parcel("4", state="draft")
    await parcel("5", shipped_at=at("2026-08-01T10:00"), order={"placed_at": at("2026-08-01T09:00")})
    assert await groups() == {}


async def test_midnight_moves_a_parcel_from_tomorrow_to_today() -> None:
    with time_machine.travel("2026-11-24T22:59Z", tick=False):  # one minute before midnight in Paris
        await parcel(**due("2026-11-25T13:00"))
        assert await group() == "tomorrow"
    with time_machine.travel("2026-11-24T23:00Z", tick=False):
        assert await group() == "today"
        assert await group(NEW_YORK) == "tomorrow"


@time_machine.travel("2026-11-24T10:00Z", tick=False)
async def test_the_day_is_the_persons_own() -> None:
    await parcel(**due("2026-11-24T21:00"))
    assert (await group(PARIS), await group(AUCKLAND), await group(NEW_YORK)) == ("today", "tomorrow", "today")


@pytest.mark.parametrize(("now", "window", "expected"), [
    ("2026-10-24T21:30Z", "2026-10-25T22:30", "tomorrow"),  # the day of 25 hours ends at 23:00 UTC
    ("2026-10-24T22:30Z", "2026-10-25T22:30", "today"),
    ("2026-03-28T22:30Z", "2026-03-29T21:30", "tomorrow"),  # the day of 23 hours ends at 22:00 UTC
    ("2026-03-28T23:30Z", "2026-03-29T21:30", "today"),
    ("2026-03-28T23:30Z", "2026-03-29T22:30", "tomorrow"),
])  # fmt: skip
async def test_days_are_right_when_clocks_change(now: str, window: str, expected: str) -> None:
    with time_machine.travel(now, tick=False):
        await parcel(**due(window, 0))
        assert await group() == expected


@time_machine.travel("2026-11-24T12:00Z", tick=False)
async def test_what_is_usual_is_said_as_such() -> None:
    await delivered(20, 2, now=clock.now())
    await transit.learn()
    await parcel(shipped_at=at("2026-11-23T10:00"))
    assert (await groups())["tomorrow"] == ["Probably Wednesday 25 Nov"]
    assert (await groups(locale="fr"))["tomorrow"] == ["Sans doute mercredi 25 nov."]


@time_machine.travel("2026-11-24T12:00Z", tick=False)
async def test_two_parcels_of_one_order_stand_for_themselves() -> None:
    lines = [builders.line("1"), builders.line("2", title="Cup")]
    both = [
        shipment("1", status="out_for_delivery"),
        shipment("2", lines=[LineQuantity(line="2", quantity=1)], **due("2026-11-26T10:00")),
    ]
    await builders.order("1001", placed_at=at("2026-11-20T10:00"), lines=lines, shipments=both)
    assert {name: len(found) for name, found in (await groups()).items()} == {"today": 1, "later": 1}


@time_machine.travel("2026-11-24T12:00Z", tick=False)
async def test_what_only_the_person_can_move_on_comes_before_what_went_wrong_elsewhere() -> None:
    await parcel("1", status="ready_for_pickup")
    await parcel("2", status="returned_to_sender", estimated_to=at("2026-11-22T10:00"))
    assert (await groups())["needs_you"] == ["Ready for pick-up", "Returned to sender"]


async def test_the_page_shows_what_is_inside_and_leads_to_the_parcel(alice: AsyncClient) -> None:
    row = await parcel(**due((clock.now() + timedelta(days=3)).strftime("%Y-%m-%dT10:00")))
    said = (await alice.get("/arrivals")).text
    assert "Teapot “Brume”" in said
    assert f"/orders/{row['address']}#parcel-{row['id']}" in said
    assert "Date given by the seller" in said
    assert f"/orders/{row['address']}/parcels/{row['id']}/delivery.ics" in said


async def test_nothing_on_its_way_has_a_page_of_its_own(alice: AsyncClient) -> None:
    assert "Nothing on its way" in (await alice.get("/arrivals")).text


async def test_bob_sees_nothing_of_alices(client: AsyncClient) -> None:
    row = await parcel(status="out_for_delivery")
    client.cookies.update(await builders.session(BOB))
    said = (await client.get("/arrivals")).text
    assert "Nothing on its way" in said
    assert str(row["address"]) not in said


async def test_the_page_is_known_until_the_next_day_or_news(alice: AsyncClient) -> None:
    with time_machine.travel("2026-11-24T12:00Z", tick=False):
        alice.cookies.update(await builders.session())
        await parcel(**due("2026-11-25T13:00"))
        first = await alice.get("/arrivals")
        known = {"If-None-Match": first.headers["etag"]}
        assert (await alice.get("/arrivals", headers=known)).status_code == 304
    with time_machine.travel("2026-11-25T12:00Z", tick=False):
        again = await alice.get("/arrivals", headers=known)
        assert again.status_code == 200
        known = {"If-None-Match": again.headers["etag"]}
        await parcel("1002", status="out_for_delivery")
        assert (await alice.get("/arrivals", headers=known)).status_code == 200


async def test_five_hundred_parcels_are_one_page(alice: AsyncClient) -> None:
    many = [shipment(str(n), status="in_transit", lines=[]) for n in range(1, 521)]
    await builders.order("1001", placed_at=clock.now() - timedelta(days=3), shipments=many)
    said = await alice.get("/arrivals")
    assert len(re.findall('<article id="arrival-', said.text)) == arrivals.MOST


async def test_the_hot_query_uses_its_index() -> None:
    if not db.ON_SQLITE:
        pytest.skip("PostgreSQL reads a small table whole")
    sql = f"EXPLAIN QUERY PLAN SELECT s.id {arrivals.PARTS[0].rest}"
    plan = " ".join(row["detail"] for row in await db.rows(sql, 1, clock.now(), clock.now()))
    assert "orders_arriving" in plan
    assert "SCAN" not in plan.replace("SCAN m", "")
