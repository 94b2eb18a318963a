"""Late and silent parcels mark themselves, once; and what a customer can say then."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import time_machine
from httpx import AsyncClient

from app import clock, db
from app.i18n import Voice
from app.shipments import actions, estimates, overdue, transit
from app.shipments.snapshot import ScanSnapshot, TrackingSnapshot
from tests import builders
from tests.builders import BOB
from tests.shipments.parcels import delivered, parcel


@pytest.fixture(autouse=True)
def at_the_beginning() -> None:
    estimates.forget()
    overdue.walk.after = overdue.walk.rest_until = None


async def look() -> Mapping[str, Any]:
    """One walk over everything; the newest parcel."""
    overdue.walk.rest_until = None
    await overdue.look()
    return (await db.rows("SELECT * FROM shipments ORDER BY id DESC LIMIT 1"))[0]


async def told(kind: str = "shipment_overdue") -> list[dict[str, Any]]:
    return [msgspec.json.decode(row["data"]) for row in await db.rows("SELECT data FROM events WHERE kind = {}", kind)]


def ago(**parts: float) -> Any:
    return clock.now() - timedelta(**parts)


@pytest.mark.parametrize(("about", "columns", "why"), [
    ({"estimated_to": ago(days=3)}, {}, "late"),
    ({"estimated_to": ago(hours=20)}, {}, ""),  # a day is tolerated
    ({"estimated_to": ago(days=3)}, {"scanned_at": ago(hours=5)}, ""),  # there is news: it gets two more days
    ({"estimated_to": ago(days=6)}, {"scanned_at": ago(days=3)}, "late"),
    ({}, {"scanned_at": ago(days=6)}, "silent"),
    ({}, {"scanned_at": ago(days=4)}, ""),
    ({"status": "unknown"}, {}, ""),  # a history
    ({"status": "unknown", "estimated_to": ago(days=3)}, {}, "late"),
    ({"status": "ready_for_pickup", "estimated_to": ago(days=3)}, {}, ""),
    ({"status": "delivered", "delivered_at": ago(days=1), "estimated_to": ago(days=3)}, {}, ""),
    ({"estimated_to": ago(days=3)}, {"missing_at": ago(days=1)}, ""),
])  # fmt: skip
async def test_who_is_overdue(about: dict[str, Any], columns: dict[str, Any], why: str) -> None:
    await parcel(columns=columns, shipped_at=ago(days=8), **about)
    row = await look()
    assert row["overdue_why"] == why
    assert (row["overdue_at"] is not None) is bool(why)


async def test_what_nine_of_ten_took_is_the_limit_where_nobody_gave_a_date() -> None:
    with time_machine.travel("2026-11-24T12:00Z", tick=False):  # a Tuesday
        await delivered(20, 2, now=clock.now())
        await transit.learn()
        await parcel(shipped_at=ago(days=2))  # Sunday: due by the end of Tuesday in UTC
        assert (await look())["overdue_at"] is None
    with time_machine.travel("2026-11-25T00:30Z", tick=False):
        assert (await look())["overdue_why"] == "late"


async def test_it_is_told_once_whatever_happens_later() -> None:
    row = await parcel(shipped_at=ago(days=8), estimated_to=ago(days=3))
    before = await db.one("SELECT revision FROM customers")
    await look()
    await look()
    (event,) = await told()
    assert (event["shipment"], event["key"], event["why"], event["carrier"]) == (row["id"], "1", "late", "Colissimo")
    after = await db.one("SELECT revision FROM customers")
    assert before is not None
    assert after is not None
    assert after["revision"] == before["revision"] + 1
    await db.execute("UPDATE shipments SET overdue_at = NULL, scanned_at = {}", ago(days=3))  # news came, and no more
    assert (await look())["overdue_at"] is not None
    assert len(await told()) == 1


async def test_a_carriers_news_takes_the_mark_away() -> None:
    row = await parcel(shipped_at=ago(days=8), estimated_to=ago(days=3))
    await look()
    scan = ScanSnapshot(at=ago(hours=1), status="in_transit")
    order = await db.one("SELECT merchant FROM orders")
    assert order is not None
    news = TrackingSnapshot(source="test", tracking_number=row["tracking_number"], scans=[scan])
    await actions.take(order["merchant"], news)
    (now,) = await db.rows("SELECT overdue_at, overdue_why FROM shipments")
    assert (now["overdue_at"], now["overdue_why"]) == (None, "late")
    assert (await look())["overdue_at"] is None


async def test_a_walk_goes_over_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overdue, "AT_ONCE", 2)
    for n in range(5):
        await parcel(str(n), shipped_at=ago(days=8), estimated_to=ago(days=3))
    for _turn in range(3):
        await overdue.look()
    assert len(await told()) == 5
    assert overdue.walk.rest_until is not None


async def _late() -> tuple[str, db.Row]:
    row = await parcel(shipped_at=ago(days=8), estimated_to=ago(days=3))
    await look()
    return f"/orders/{row['address']}/parcels/{row['id']}/missing", row


async def test_a_late_parcel_offers_it_never_came(alice: AsyncClient) -> None:
    url, row = await _late()
    assert url in (await alice.get("/arrivals")).text
    answer = await alice.post(url, data={"what": "not_delivered", "note": "Nobody rang.\r\nAll day."})
    assert answer.status_code == 303
    (event,) = await told("parcel_reported_missing")
    assert (event["what"], event["note"], event["shipment"]) == ("not_delivered", "Nobody rang.\nAll day.", row["id"])
    said = (await alice.get(url)).text
    assert "Reported on" in said
    assert '<form class="part form"' not in said
    assert "You said that it never came" in (await alice.get("/arrivals")).text


async def test_what_is_late_is_called_so_and_can_be_missed_though_there_is_news(alice: AsyncClient) -> None:
    row = await parcel(shipped_at=ago(days=8), estimated_to=ago(days=4), columns={"scanned_at": ago(hours=5)})
    await look()
    url, late = f"/orders/{row['address']}/parcels/{row['id']}/missing", clock.today("") - timedelta(days=4)
    for page in ("/arrivals", f"/orders/{row['address']}"):
        said = (await alice.get(page)).text
        assert "Later than planned" in said
        assert f"was expected by {Voice('en').weekday(late)}" in said
        assert "no date known" not in said
        assert url in said
    assert '<form class="part form"' in (await alice.get(url)).text
    assert (await alice.post(url, data={"what": "not_delivered"})).status_code == 303


async def test_a_day_is_tolerated_before_it_can_be_missed(alice: AsyncClient) -> None:
    row = await parcel(shipped_at=ago(days=8), estimated_to=ago(days=1))
    said = (await alice.get("/arrivals")).text
    assert "Later than planned" in said
    assert f"/orders/{row['address']}/parcels/{row['id']}/missing" not in said


async def test_said_twice_it_is_told_once(alice: AsyncClient) -> None:
    url, _row = await _late()
    for note in ("first", "second"):
        await alice.post(url, data={"what": "not_delivered", "note": note})
    assert [event["note"] for event in await told("parcel_reported_missing")] == ["first"]


async def test_what_is_wrong_is_said_at_the_field(alice: AsyncClient) -> None:
    url, _row = await _late()
    answer = await alice.post(url, data={"what": "eaten", "note": "x" * 2001})
    assert answer.status_code == 422
    assert "Choose what happened." in answer.text
    assert "At most 2000 letters." in answer.text


async def test_a_parcel_on_its_way_cannot_be_missed_yet(alice: AsyncClient) -> None:
    row = await parcel()
    url = f"/orders/{row['address']}/parcels/{row['id']}/missing"
    assert "still on its way" in (await alice.get(url)).text
    assert (await alice.post(url, data={"what": "not_delivered"})).status_code == 409


async def test_what_is_said_to_have_come_can_be_missed(alice: AsyncClient) -> None:
    row = await parcel(status="delivered", delivered_at=ago(days=1))
    url = f"/orders/{row['address']}/parcels/{row['id']}/missing"
    assert url in (await alice.get("/arrivals")).text
    assert (await alice.post(url, data={"what": "delivered_not_here"})).status_code == 303
    assert url not in (await alice.get("/arrivals")).text


async def test_bob_cannot_report_alices(client: AsyncClient) -> None:
    url, _row = await _late()
    client.cookies.update(await builders.session(BOB))
    assert (await client.post(url, data={"what": "not_delivered"})).status_code == 404
    assert (await client.post(url, data={"what": "eaten"})).status_code == 404
    assert await told("parcel_reported_missing") == []
