"""What EasyPost, AfterShip and Shippo say, read as news of parcels."""

from datetime import UTC, datetime, timedelta

import pytest

from app.shipments.snapshot import PickupPoint, TrackingSnapshot
from app.tracking import aftership, easypost, shippo
from app.tracking.fields import Unusable, country, window
from app.tracking.messages import Message
from tests.tracking import messages
from tests.tracking.messages import NUMBER, checkpoint, easypost_detail, raw, shippo_point

pytestmark = pytest.mark.without_database

AT = "2026-11-03T09:30:00Z"


def _only(message: Message) -> TrackingSnapshot:
    (news,) = message.news
    return news


def test_a_tracker_of_easypost_with_all_it_says() -> None:
    carrier = {
        "service": "Ground", "est_delivery_date_local": "2026-11-05", "est_delivery_time_local": "18:00:00",
    }  # fmt: skip
    sent = messages.easypost(
        easypost_detail("in_transit", AT), signed_by="A. LICE", carrier_detail=carrier, public_url="https://track.example/1"
    )
    message = easypost.read(raw(sent))
    assert (message.id, message.about, message.at) == ("evt_1", "tracker.updated", datetime(2026, 11, 27, 6, tzinfo=UTC))
    news = _only(message)
    assert (news.source, news.tracking_number, news.carrier, news.service) == ("easypost", NUMBER, "UPS", "Ground")
    assert (news.signed_by, news.tracking_url) == ("A. LICE", "https://track.example/1")
    assert (news.estimated_from, news.estimated_to) == (None, datetime(2026, 11, 5, 18))
    (scan,) = news.scans
    assert (scan.at, scan.status, scan.code) == (datetime(2026, 11, 3, 9, 30, tzinfo=UTC), "in_transit", "in_transit")
    assert (scan.words, scan.place, scan.country) == ("It is in_transit", "LYON", "FR")


@pytest.mark.parametrize(
    ("status", "detail", "expected"),
    [
        ("pre_transit", "label_created", ("info_received", "")),
        ("in_transit", "received_at_origin_facility", ("picked_up", "")),
        ("in_transit", "weather_delay", ("delayed", "weather_delay")),
        ("failure", "refused", ("attempt_failed", "consignee_refused")),
        ("delivered", "arrived_at_destination", ("delivered", "")),
        ("delivered", "delayed", ("delivered", "")),
        ("return_to_sender", "refused", ("returned_to_sender", "consignee_refused")),
        ("teleported", "beamed_up", ("unknown", "")),
        ("in_transit", "beamed_up", ("in_transit", "")),
    ],
)
def test_easyposts_words(status: str, detail: str, expected: tuple[str, str]) -> None:
    (scan,) = _only(easypost.read(raw(messages.easypost(easypost_detail(status, AT, detail))))).scans
    assert (scan.status, scan.reason) == expected
    assert scan.code == f"{status}/{detail}"


@pytest.mark.parametrize(
    ("tag", "subtag", "expected"),
    [
        ("InfoReceived", "InfoReceived_001", ("info_received", "")),
        ("InTransit", "InTransit_002", ("picked_up", "")),
        ("AttemptFail", "AttemptFail_002", ("attempt_failed", "consignee_not_available")),
        ("AvailableForPickup", "AvailableForPickup_001", ("ready_for_pickup", "")),
        ("Exception", "Exception_004", ("delayed", "customs_delay")),
        ("Exception", "Exception_013", ("on_hold", "carrier_parcel_lost")),
        ("Exception", "Exception_011", ("returned_to_sender", "")),
        ("Exception", "Exception_999", ("on_hold", "")),
        ("Delivered", "Delivered_003", ("delivered", "")),
        ("", "OutForDelivery_001", ("out_for_delivery", "")),
        ("Teleported", "Teleported_001", ("unknown", "")),
    ],
)
def test_afterships_words(tag: str, subtag: str, expected: tuple[str, str]) -> None:
    (scan,) = _only(aftership.read(raw(messages.aftership(checkpoint(tag, subtag, AT))))).scans
    assert (scan.status, scan.reason, scan.code) == (*expected, subtag)


@pytest.mark.parametrize(
    ("status", "substatus", "expected"),
    [
        ("PRE_TRANSIT", "information_received", ("info_received", "")),
        ("TRANSIT", "package_accepted", ("picked_up", "")),
        ("TRANSIT", "out_for_delivery", ("out_for_delivery", "")),
        ("TRANSIT", "notice_left", ("attempt_failed", "consignee_not_home")),
        ("TRANSIT", "pickup_available", ("ready_for_pickup", "")),
        ("FAILURE", "package_lost", ("on_hold", "carrier_parcel_lost")),
        ("RETURNED", "return_to_sender", ("returned_to_sender", "")),
        ("DELIVERED", "delivered", ("delivered", "")),
        ("TELEPORTED", "", ("unknown", "")),
    ],
)
def test_shippos_words(status: str, substatus: str, expected: tuple[str, str]) -> None:
    scan, again = _only(shippo.read(raw(messages.shippo(shippo_point(status, AT, substatus))))).scans
    assert scan == again, "the newest one is told twice, under different ids"
    assert (scan.status, scan.reason) == expected


def test_a_time_without_a_zone_stays_without_one() -> None:
    (scan,) = _only(aftership.read(raw(messages.aftership(checkpoint("InTransit", "", "2026-11-03T09:30:00"))))).scans
    assert scan.at == datetime(2026, 11, 3, 9, 30)
    (zoned,) = _only(aftership.read(raw(messages.aftership(checkpoint("InTransit", "", "2026-11-03T09:30:00+01:00"))))).scans
    assert zoned.at.utcoffset() == timedelta(hours=1)


def test_a_place_with_coordinates_and_a_point_of_pick_up() -> None:
    here = checkpoint("InTransit", "", AT, coordinate={"latitude": 45.76, "longitude": "4.83"}, coordinates=[4.83, 45.76])
    sent = messages.aftership(here, pickup_location="Tabac du Pont", pickup_note="Mon-Fri 8-19\nSat 9-12", signed_by="Alice")
    news = _only(aftership.read(raw(sent)))
    assert (news.scans[0].latitude, news.scans[0].longitude, news.scans[0].country) == (45.76, 4.83, "FR")
    assert news.pickup == PickupPoint(name="Tabac du Pont", hours=["Mon-Fri 8-19", "Sat 9-12"])
    assert news.signed_by == "Alice"


def test_the_carriers_window_of_aftership() -> None:
    said = {
        "estimated_delivery_date_min": "2026-11-05T08:00:00+01:00",
        "estimated_delivery_date_max": "2026-11-05T12:00:00+01:00",
    }
    news = _only(aftership.read(raw(messages.aftership(courier_estimated_delivery_date=said))))
    assert news.estimated_from == datetime(2026, 11, 5, 7, tzinfo=UTC)
    assert news.estimated_to == datetime(2026, 11, 5, 11, tzinfo=UTC)


def test_a_day_is_the_whole_day_where_the_parcel_goes() -> None:
    day = (datetime(2026, 11, 5), datetime(2026, 11, 5, 23, 59))
    assert window("2026-11-05") == window("2026-11-05T00:00:00Z") == day
    assert window("2026-11-05T17:00:00Z") == (None, datetime(2026, 11, 5, 17, tzinfo=UTC))
    assert window("soon") == window("") == window("2026-02-31") == (None, None)


def test_countries_of_two_and_three_letters() -> None:
    assert [country(text) for text in ("FRA", "fr", "USA", "Frankreich", "", "X1", "ZZZ")] == ["FR", "FR", "US", "", "", "", ""]


def test_a_checkpoint_without_a_time_is_left_out_and_the_rest_lands() -> None:
    for at in ("", "yesterday", "0001-01-01T00:00:00Z"):
        sent = messages.easypost(easypost_detail("in_transit", at), easypost_detail("delivered", AT))
        assert [scan.status for scan in _only(easypost.read(raw(sent))).scans] == ["delivered"]


@pytest.mark.parametrize("read", [easypost.read, aftership.read, shippo.read])
@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"7", b"\xff", b"{}", b"[" * 100_000, b'{"a": 1e999}', b'{"data": {}, "msg": 3}']
)
def test_what_is_no_news_is_refused_with_a_reason(read: type, body: bytes) -> None:
    with pytest.raises(Unusable, match=r"\w"):
        read(body)


def test_messages_of_other_kinds_hold_no_news() -> None:
    assert easypost.read(b'{"object": "Event", "id": "evt_2", "description": "batch.created"}').news == []
    assert aftership.read(b'{"event": "order_update", "msg": {}}').news == []
    assert shippo.read(b'{"event": "transaction_created", "data": {}}').news == []
