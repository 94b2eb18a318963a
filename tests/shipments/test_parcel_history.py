"""What an order's history tells of its parcels: the turns of the way, not every scan, which the parcel's card shows."""

from datetime import UTC, datetime, timedelta

from app.events import actions as events
from app.events import timeline
from app.i18n import Voice
from app.orders import pages
from app.shipments.actions import take
from tests import builders
from tests.shipments import steps

EN, FR = Voice("en", "Europe/Paris"), Voice("fr", "Europe/Paris")
START = datetime(2026, 11, 20, 8, tzinfo=UTC)
PARCEL = {"key": "p1", "shipment": 7, "carrier": "Colissimo", "tracking_number": "6A1"}


async def happened(*kinds: str, **data: object) -> None:
    order = await builders.order()
    for hour, kind in enumerate(kinds):
        await events.record(
            kind, customer=order["customer"], merchant=order["merchant"], order=order["id"], at=START + timedelta(hours=hour),
            **{**PARCEL, **data},
        )  # fmt: skip


async def history(voice: Voice = EN) -> list[timeline.Moment]:
    _kept, _parcels, moments = await pages.whole(await builders.customer(), "1001", voice)
    return [moment for moment in moments if "6A1" in moment.detail]


async def test_every_turn_is_told_in_words_and_that_it_moves_is_not() -> None:
    await happened(
        "shipment_dispatched", "shipment_info_received", "shipment_picked_up", "shipment_in_transit", "shipment_on_hold",
        "shipment_delayed", "shipment_rescheduled", "shipment_overdue", "shipment_out_for_delivery", "shipment_attempt_failed",
        "shipment_ready_for_pickup", "shipment_delivered", "shipment_returned_to_sender",
    )  # fmt: skip
    assert [moment.text for moment in await history()][::-1] == [
        "Handed to the carrier", "Held up", "Delayed", "New date of arrival", "Late without news", "Out for delivery",
        "Could not be handed over", "Ready for pick-up", "Parcel delivered", "Returned to sender",
    ]  # fmt: skip
    assert not {moment.text for moment in await history()} & {moment.text for moment in await history(FR)}


async def test_where_and_why_are_said() -> None:
    await happened("shipment_attempt_failed", place="Lyon", reason="consignee_not_home")
    (moment,) = await history()
    assert moment.detail == "Nobody was home · Lyon · Colissimo 6A1"
    (moment,) = await history(FR)
    assert moment.detail == "Il n’y avait personne · Lyon · Colissimo 6A1"


async def test_who_signed_is_said() -> None:
    await happened("shipment_delivered", signed_by="M. Martin")
    assert [moment.detail for moment in await history()] == ["signed for by M. Martin · Colissimo 6A1"]


async def test_the_new_day_is_said() -> None:
    await happened("shipment_rescheduled", estimated_to=datetime(2026, 12, 1, 17, tzinfo=UTC))
    assert [moment.detail for moment in await history()] == ["Tuesday 1 Dec · Colissimo 6A1"]


async def test_what_cannot_be_read_is_left_out() -> None:
    await happened("shipment_rescheduled", estimated_to="soon", reason="nobody knows", place=None)
    assert [moment.detail for moment in await history()] == ["Colissimo 6A1"]


async def test_the_shops_word_without_a_date_has_that_of_the_scans() -> None:
    """Shops send how it stands, and carriers' messages tell afterwards how it came to that."""
    await steps.parcel(status="attempt_failed", shipped_at=None)
    merchant = await builders.merchant()
    way = (steps.scan(1, "in_transit"), steps.scan(21, "out_for_delivery"), steps.scan(27, "attempt_failed"))
    await take(merchant, steps.message(*way), history=True)
    _kept, _parcels, moments = await pages.whole(await builders.customer(), "1001", EN)
    assert [(moment.text, moment.when) for moment in moments if steps.NUMBER in moment.detail] == [
        ("Could not be handed over", EN.moment(steps.hours(27))), ("Out for delivery", EN.moment(steps.hours(21))),
        ("Handed to the carrier", EN.moment(steps.hours(1))),
    ]  # fmt: skip
    _kept, _parcels, moments = await pages.whole(await builders.customer(), "1001", FR)
    assert not any("inconnue" in moment.when for moment in moments)


async def test_what_no_scan_tells_of_stays_without_a_date() -> None:
    await steps.parcel(status="ready_for_pickup")
    await take(await builders.merchant(), steps.message(steps.scan(1, "in_transit")), history=True)
    _kept, _parcels, moments = await pages.whole(await builders.customer(), "1001", EN)
    assert [moment.when for moment in moments if moment.text == "Ready for pick-up"] == ["date not known"]


async def test_an_attempt_that_is_heard_of_late_moves_the_others_on() -> None:
    await steps.parcel()
    await steps.said(steps.scan(30, "attempt_failed"))
    await steps.said(steps.scan(4, "attempt_failed"), steps.scan(10, "in_transit"))
    _kept, _parcels, moments = await pages.whole(await builders.customer(), "1001", EN)
    tried = [moment.when for moment in moments if moment.text == "Could not be handed over"]
    assert tried == [EN.moment(steps.hours(30)), EN.moment(steps.hours(4))]
