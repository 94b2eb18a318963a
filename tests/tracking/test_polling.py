"""Carriers that are asked, through two of Karrio's connectors, at a server of our own: the shapes are DHL's and UPS's."""

import asyncio
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import PIL.ImageFile
import pytest
from pytest_httpserver import HTTPServer

from app import clock, db
from app.commands import check
from app.ingest.snapshot import Shipment
from app.setting_values import Carrier
from app.tracking import karrio, polling
from app.tracking.karrio import NoAnswer
from tests import builders
from tests.builders import MO, NIA

DHL = Carrier(
    name="our-dhl", connector="dhl_universal", names=("DHL", "DHL Paket"),
    credentials={"consumer_key": "a key", "consumer_secret": "a secret"},
)  # fmt: skip
UPS = Carrier(name="our-ups", connector="ups", names=("UPS",), credentials={"client_id": "an id", "client_secret": "a secret"})
NUMBER = "00340434161094042557"


def dhl(*events: dict[str, Any], number: str = NUMBER, **about: Any) -> dict[str, Any]:
    first = events[0] if events else {"statusCode": "unknown"}
    return {"shipments": [{"id": number, "service": "parcel-de", "status": first, "events": list(events), **about}]}


def dhl_event(code: str, at: str, **about: Any) -> dict[str, Any]:
    where = {"address": {"addressLocality": "Bonn", "countryCode": "DE"}}
    return {
        "timestamp": at,
        "statusCode": code,
        "status": code.upper(),
        "description": f"It is {code}",
        "location": where,
        **about,
    }


@pytest.fixture(autouse=True)
def _at_our_server(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    karrio._library()
    polling.looked_to.clear()
    for connector in ("dhl_universal", "ups"):
        where = property(lambda _self: httpserver.url_for("").rstrip("/"))
        monkeypatch.setattr(f"karrio.providers.{connector}.utils.Settings.server_url", where)
    yield
    httpserver.clear()


async def parcel(number: str = NUMBER, carrier: str = "DHL", sent: datetime | None = None, **about: Any) -> int:
    shipped = sent or clock.now() - timedelta(days=1)
    parts = [Shipment(id="p1", carrier=carrier, tracking_number=number, shipped_at=shipped)]
    order = await builders.order(f"A-{number}", shipments=parts, placed_at=shipped, **about)
    return (await db.rows('SELECT id FROM shipments WHERE "order" = {}', order["id"]))[0]["id"]


async def status(shipment: int) -> str:
    return (await db.rows("SELECT status FROM shipments WHERE id = {}", shipment))[0]["status"]


async def test_dhl_is_asked_and_its_answer_reaches_the_parcel(httpserver: HTTPServer) -> None:
    shipment = await parcel()
    answer = dhl(
        dhl_event("delivered", "2026-11-03T10:15:00"), dhl_event("failure", "2026-11-02T11:00:00"),
        dhl_event("transit", "2026-11-01T09:00:00"), dhl_event("pre-transit", "2026-10-31T09:00:00"),
        details={"proofOfDelivery": {"signed": {"name": "Alice"}}},
    )  # fmt: skip
    httpserver.expect_request(
        "/track/shipments", query_string={"trackingNumber": NUMBER, "language": "en"}, headers={"DHL-API-Key": "a key"}
    ).respond_with_json(answer)
    await polling.ask(DHL)
    (row,) = await db.rows("SELECT status, signed_by FROM shipments WHERE id = {}", shipment)
    assert (row["status"], row["signed_by"]) == ("delivered", "Alice")
    scans = await db.rows("SELECT status, code, zoned, place, source FROM scans ORDER BY at")
    assert [scan["status"] for scan in scans] == ["info_received", "in_transit", "attempt_failed", "delivered"]
    assert {(scan["zoned"] in (False, 0), scan["place"], scan["source"]) for scan in scans} == {
        (True, "Bonn", "karrio:dhl_universal")
    }


async def test_ups_is_asked_and_its_reasons_are_ours(httpserver: HTTPServer) -> None:
    number = "1Z999AA10123456784"
    shipment = await parcel(number, "UPS")

    def activity(type_: str, code: str, day: str, hour: str, words: str) -> dict[str, Any]:
        where = {"address": {"city": "LYON", "country": "FR"}}
        return {"location": where, "status": {"type": type_, "description": words, "code": code}, "date": day, "time": hour}

    package = {
        "trackingNumber": number, "deliveryDate": [{"type": "DEL", "date": "20261105"}],
        "service": {"description": "UPS Standard"},
        "deliveryInformation": {}, "weight": {},
        "activity": [activity("X", "48", "20261103", "143000", "The receiver was not there"),
                     activity("I", "AR", "20261102", "080000", "Arrived at Facility")],
    }  # fmt: skip
    token = {"access_token": "t", "issued_at": str(int(time.time() * 1000)), "expires_in": "14399", "status": "approved"}
    httpserver.expect_request("/security/v1/oauth/token").respond_with_json(token)
    httpserver.expect_request(f"/api/track/v1/details/{number}").respond_with_json(
        {"trackResponse": {"shipment": [{"package": [package]}]}}
    )
    await polling.ask(UPS)
    newest, first = await db.rows("SELECT at, status, reason, words, code FROM scans ORDER BY at DESC")
    assert (newest["words"], newest["code"]) == ("The receiver was not there", "48")
    assert newest["at"].astimezone(UTC).strftime("%d %H:%M") in ("03 14:30", "03 13:30")
    assert first["status"] == "in_transit"
    assert await status(shipment) not in ("unknown", "pending")


def test_karrios_names_are_ours_and_odd_ones_are_unknown() -> None:
    import karrio.core.models as models

    def scan(**about: Any) -> Any:
        return karrio._scan("ups", models.TrackingEvent(date="2026-11-03", **about))

    for theirs, ours in (
        ("delivery_failed", "attempt_failed"), ("delivery_delayed", "delayed"), ("return_to_sender", "returned_to_sender"),
        ("ready_for_pickup", "ready_for_pickup"), ("teleported", "unknown"), (None, "unknown"),
    ):  # fmt: skip
        assert scan(status=theirs).status == ours
    assert scan(status="delivery_failed", reason="consignee_not_home").reason == "consignee_not_home"
    assert scan(reason="sunspots").reason == ""
    assert scan(time="02:30 PM").at == datetime(2026, 11, 3, 14, 30)
    assert scan(timestamp="2026-11-03T14:30:00.000Z").at == datetime(2026, 11, 3, 14, 30), "nobody said that Z"
    assert karrio._scan(
        "dhl_universal", models.TrackingEvent(date="2026-11-03", code="unknown", status="delivery_delayed")
    ).status == ("unknown")


def test_every_status_and_reason_of_karrios_is_known() -> None:
    import karrio.core.units as units

    assert {one.name for one in units.TrackingStatus} <= set(karrio.STATUSES)
    assert {one.name for one in units.TrackingIncidentReason} <= set(karrio.REASONS)


def test_karrio_leaves_the_process_as_it_was() -> None:
    """Imported, it switches the checking of certificates off for everybody."""
    assert ssl._create_default_https_context is ssl.create_default_context
    assert ssl._create_default_https_context().verify_mode is ssl.CERT_REQUIRED
    assert PIL.ImageFile.LOAD_TRUNCATED_IMAGES is False


async def test_a_parcel_is_asked_about_again_only_when_it_is_due(httpserver: HTTPServer) -> None:
    await parcel()
    httpserver.expect_request("/track/shipments").respond_with_json(dhl(dhl_event("transit", "2026-11-01T09:00:00")))
    for _ in range(3):
        await polling.ask(DHL)
    assert len(httpserver.log) == 1
    await db.execute("UPDATE tracking_polls SET next_at = {}", clock.now() - timedelta(seconds=1))
    await polling.ask(DHL)
    assert len(httpserver.log) == 2


async def test_what_is_there_too_old_of_another_carrier_or_shop_is_not_asked_about(httpserver: HTTPServer) -> None:
    await parcel("1", "Colissimo")
    await parcel("2", sent=clock.now() - timedelta(days=90))
    await parcel("3")
    await db.execute("UPDATE shipments SET status = 'delivered' WHERE tracking_number = '3'")
    await parcel("4", merchant=NIA)
    only_mo = Carrier(name="dhl", connector="dhl_universal", names=("dhl",), merchants=(MO,), credentials=DHL.credentials)
    await polling.ask(only_mo)
    assert httpserver.log == []


async def test_a_portion_is_bounded(httpserver: HTTPServer) -> None:
    for n in range(polling.PORTION + 3):
        await parcel(f"N{n}")
    httpserver.expect_request("/track/shipments").respond_with_json({"status": 404, "title": "No result found"}, status=404)
    await polling.ask(DHL)
    assert len(httpserver.log) == polling.PORTION
    assert await polling.failing() == []


async def test_many_under_way_are_looked_at_in_turns_and_each_is_asked_about(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "SEEN_AT_ONCE", 2)
    monkeypatch.setattr(polling, "PORTION", 2)
    for n in range(5):
        await parcel(f"N{n}", "Colissimo" if n in (2, 3) else "DHL")
    httpserver.expect_request("/track/shipments").respond_with_json({"status": 404, "title": "No result found"}, status=404)
    asked = []
    for _ in range(4):
        await polling.ask(DHL)
        asked.append([request.args["trackingNumber"] for request, _ in httpserver.log])
        httpserver.clear_log()
    assert asked == [["N4"], ["N1"], ["N0"], []]
    assert polling.looked_to == {"our-dhl": await _number("N2")}, "it begins again with the newest"
    await parcel("N5")
    await polling.ask(DHL)
    await polling.ask(DHL)
    await polling.ask(DHL)
    assert [request.args["trackingNumber"] for request, _ in httpserver.log] == ["N5"]


async def _number(tracking_number: str) -> int:
    return (await db.rows("SELECT id FROM shipments WHERE tracking_number = {}", tracking_number))[0]["id"]


async def test_a_round_reads_no_more_than_what_is_under_way_and_not_all_of_that() -> None:
    if not db.ON_SQLITE:
        pytest.skip("PostgreSQL plans by the size of the table: with a few rows it reads them all")
    for sql, args in ((polling.BEFORE, ()), (polling.DUE, (clock.now(), clock.now()))):
        plan = [row["detail"] for row in await db.rows(f"EXPLAIN QUERY PLAN {sql}", db.MOST_ID, 2_000, *args)]
        assert any("USING INDEX shipments_under_way (id<?)" in line for line in plan), plan
        assert not any(line.startswith("SCAN") and line != "SCAN s" for line in plan), plan
        assert not any("TEMP" in line for line in plan), plan


async def test_a_carrier_that_does_not_answer_backs_off_and_the_operator_is_told(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipment = await parcel()
    monkeypatch.setattr(polling, "settings", _With((DHL,)))
    refusal = {"status": 401, "title": "Unauthorized", "detail": "The key is not known"}
    httpserver.expect_request("/track/shipments").respond_with_json(refusal, status=401)
    await polling.ask(DHL)
    (failing,) = await polling.failing()
    assert (failing["name"], failing["failures"]) == ("our-dhl", 1)
    assert "The key is not known" in failing["error"]
    asked = len(httpserver.log)
    await polling.ask(DHL)
    assert len(httpserver.log) == asked, "left alone for a while"
    monkeypatch.setattr(check, "settings", _With((DHL,)))
    assert [(one.ok, one.name) for one in await check._carriers()] == [(False, "carriers")]
    await db.execute("UPDATE carrier_accounts SET next_at = {}", clock.now() - timedelta(seconds=1))
    await db.execute("UPDATE tracking_polls SET next_at = {}", clock.now() - timedelta(seconds=1))
    httpserver.clear()
    httpserver.expect_request("/track/shipments").respond_with_json(dhl(dhl_event("transit", "2026-11-01T09:00:00")))
    await polling.ask(DHL)
    assert await polling.failing() == []
    assert [one.ok for one in await check._carriers()] == [True]
    assert await status(shipment) == "in_transit"


class _With:
    """Settings that name these carriers, and nothing else."""

    def __init__(self, carriers: tuple[Carrier, ...]) -> None:
        self.carriers = carriers


async def test_the_loop_goes_on_while_a_carrier_thinks(monkeypatch: pytest.MonkeyPatch) -> None:
    await parcel()
    monkeypatch.setattr(karrio, "asked", lambda *_: time.sleep(0.5) or [])
    monkeypatch.setattr(polling, "settings", _With((DHL,)))
    await polling.begin()
    await polling.begin()
    assert len(polling.running) == 1
    turns = 0
    while polling.running:
        await asyncio.sleep(0.01)
        turns += 1
    assert turns > 5


async def test_a_carrier_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    await parcel()
    monkeypatch.setattr(karrio, "asked", lambda *_: time.sleep(2) or [])
    monkeypatch.setattr(polling, "PATIENCE", 0.1)
    monkeypatch.setattr(polling, "settings", _With((DHL,)))
    await polling.ask(DHL)
    assert [row["error"] for row in await polling.failing()] == ["no answer in 0.1 s"]


def test_a_connector_that_is_not_there_says_so() -> None:
    with pytest.raises(NoAnswer, match="pigeon"):
        karrio.asked(Carrier(name="x", connector="pigeon"), ["1"])


def test_waits_grow_with_age_and_shrink_at_the_door() -> None:
    at = clock.now()
    waits = [polling.wait("in_transit", at - timedelta(days=days), at) for days in (1, 10, 40)]
    assert waits == sorted(waits)
    assert polling.wait("out_for_delivery", at - timedelta(days=40), at) < waits[0]
