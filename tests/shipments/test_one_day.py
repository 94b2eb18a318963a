"""Wherever a parcel is told of, it is expected on the same day: on the list, its order's page, among arrivals, in the news."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from httpx import AsyncClient
from icalendar import Calendar

from app import clock, db
from app.shipments.actions import take
from app.shipments.snapshot import PickupPoint, ScanSnapshot, TrackingSnapshot
from tests import builders
from tests.notifications.steps import told
from tests.shipments.parcels import parcel

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)  # a Friday, ten in Paris
PAGES = ("/orders", "/orders/1001", "/arrivals")


async def scanned(client: AsyncClient, status: Any, *, order: dict[str, Any], ago: float = 1, **about: Any) -> db.Row:
    """Alice in Paris looks at a parcel that its seller has sent and its carrier seen so many hours ago."""
    client.cookies.update(await builders.session())
    await builders.customer(time_zone="Europe/Paris")
    row = await parcel(**order)
    await told()
    scan = ScanSnapshot(at=clock.now() - timedelta(hours=ago), status=status, words="x", **about.pop("scan", {}))
    news = TrackingSnapshot(source="test", tracking_number=row["tracking_number"], scans=[scan], **about)
    await take(await builders.merchant(), news)
    await told()
    return row


async def said(client: AsyncClient, url: str, locale: str = "en") -> str:
    """The text of a page in that language, without its marks."""
    await db.execute("UPDATE customers SET locale = {}", locale)
    text = (await client.get(url, headers={"Accept-Language": locale})).text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def window(days: int, **about: Any) -> dict[str, Any]:
    """From 14 to 17 in Paris."""
    first = NOW.replace(hour=13) + timedelta(days=days)
    return {"estimated_from": first, "estimated_to": first + timedelta(hours=3), **about}


@pytest.mark.parametrize("days", [-5, 1])
async def test_what_is_in_the_van_comes_today_without_the_hours_of_another_day(client: AsyncClient, days: int) -> None:
    with time_machine.travel(NOW, tick=False):
        row = await scanned(client, "out_for_delivery", order=window(days))
        for url in PAGES:
            text = await said(client, url)
            assert "Arrives today" in text
            assert "14:00" not in text
            assert "given by the seller" not in text
            assert "Arrive aujourd’hui" in await said(client, url, "fr")
        assert "Date given by Colissimo" in await said(client, "/arrivals")
        assert "It is in the van. Expected on Friday 27 Nov." in await said(client, "/notifications")
        answer = await client.get(f"/orders/1001/parcels/{row['id']}/delivery.ics")
        (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
        assert str(event["dtstart"].dt) == "2026-11-27"


async def test_hours_of_today_stay(client: AsyncClient) -> None:
    with time_machine.travel(NOW, tick=False):
        await scanned(client, "out_for_delivery", order=window(0))
        for url in PAGES:
            assert "between 14:00 and 17:00" in await said(client, url)
        assert "Expected on Friday 27 Nov, 14:00 – 17:00." in await said(client, "/notifications")


async def test_after_an_attempt_nothing_is_expected(client: AsyncClient) -> None:
    with time_machine.travel(NOW, tick=False):
        row = await scanned(client, "attempt_failed", order=window(0), scan={"reason": "consignee_not_home"})
        for url in (*PAGES, "/notifications"):
            text = await said(client, url)
            assert "14:00" not in text
            assert "Expected" not in text
            assert "given by" not in text
        assert "delivery.ics" not in (await client.get("/orders/1001")).text
        assert (await client.get(f"/orders/1001/parcels/{row['id']}/delivery.ics")).status_code == 404


async def test_who_waits_at_a_shop_is_told_which_and_until_when(client: AsyncClient) -> None:
    with time_machine.travel(NOW, tick=False):
        point = PickupPoint("Le Relais", ["3 quai Sarrail", "69006 Lyon"], code="4711", until=NOW + timedelta(days=7))
        await scanned(client, "ready_for_pickup", order={}, scan={"place": "Lyon"}, pickup=point)
        text = await said(client, "/notifications")
        assert "It waits for you at Le Relais, 3 quai Sarrail, 69006 Lyon until Friday 4 Dec." in text
        assert "4711" not in text
        assert "4711" not in "".join(row["data"] for row in await db.rows("SELECT data FROM events"))
        assert "4711" in await said(client, "/orders/1001")


async def test_news_that_comes_days_late_says_so(client: AsyncClient) -> None:
    with time_machine.travel(NOW, tick=False):
        await scanned(client, "in_transit", order=window(-3), ago=120)
        text = await said(client, "/notifications")
        assert "News of Sunday 22 Nov that came late: The parcel is moving towards you." in text
        assert "Expected" not in text
        text = await said(client, "/notifications", "fr")
        assert "Nouvelle du dimanche 22 nov., arrivée en retard :" in text
        assert ".." not in text


@pytest.mark.parametrize("about", [{}, window(-5), window(2)])
async def test_a_van_of_days_ago_brings_nothing_today(client: AsyncClient, about: dict[str, Any]) -> None:
    with time_machine.travel(NOW, tick=False):
        await scanned(client, "out_for_delivery", order=about, ago=60)
        for url in PAGES:
            text = await said(client, url)
            assert "Arrives" not in text
            assert "Out for delivery" in text


async def test_what_the_shop_says_again_leaves_the_day_to_the_carrier(client: AsyncClient) -> None:
    with time_machine.travel(NOW, tick=False):
        await scanned(client, "out_for_delivery", order=window(-5))
        await parcel(order={"note": "Ring twice"}, **window(-5))
        for url in PAGES:
            assert "Arrives today" in await said(client, url)
