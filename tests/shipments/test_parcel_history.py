"""What an order's history tells of its parcels: the turns of the way, not every scan, which the parcel's card shows."""

from datetime import UTC, datetime, timedelta

from app.events import actions as events
from app.events import timeline
from app.i18n import Voice
from app.orders import pages
from tests import builders

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
