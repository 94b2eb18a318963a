"""The headline of a card, for each thing that can be going on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from app.i18n import Voice
from app.orders.sentences import Facts, Sentence, told

pytestmark = pytest.mark.without_database

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)  # a Saturday
VOICE = Voice("en", "Europe/Paris")
ROW: dict[str, Any] = {
    "placed_at": datetime(2026, 11, 18, tzinfo=UTC),
    "stage": "preparing", "carrier_status": "", "carrier": "", "payment": "paid", "refunded": 0, "currency": "EUR",
    "fulfilment": "unfulfilled", "arrives_from": None, "arrives_to": None, "shipped_at": None, "delivered_at": None,
    "cancelled_at": None, "cancelling": "",
}  # fmt: skip


def way(**about: Any) -> dict[str, Any]:
    return (
        ROW | {"stage": "on_the_way", "fulfilment": "shipped", "carrier": "DHL", "shipped_at": NOW - timedelta(days=2)} | about
    )


def sentence(row: dict[str, Any], voice: Voice) -> Sentence:
    return told(Facts(**row), voice, voice.today())


def at(days: int, hour: int = 12) -> datetime:
    return NOW.replace(hour=hour) + timedelta(days=days)


@pytest.mark.parametrize(
    ("row", "headline", "detail", "tone"),
    [
        (ROW, "Being prepared", "", "plain"),
        (ROW | {"payment": "authorised"}, "Being prepared", "The payment is reserved, not taken yet", "plain"),
        (ROW | {"stage": "needs_you", "payment": "unpaid"}, "Waiting for your payment",
         "The merchant sends it once it is paid", "bad"),
        (way(), "Sent on 19 Nov 2026", "DHL", "info"),
        (way(shipped_at=None), "On its way", "DHL", "info"),
        (way(arrives_to=at(0, 16)), "Arrives today", "DHL", "info"),
        (way(arrives_from=at(1, 13), arrives_to=at(1, 16)), "Arrives tomorrow, Sunday 22 Nov",
         "between 14:00 and 17:00 · DHL", "info"),
        (way(arrives_to=at(3)), "Arrives Tuesday 24 Nov", "DHL", "info"),
        (way(arrives_from=at(3), arrives_to=at(5)), "Arrives Tuesday 24 Nov to Thursday 26 Nov", "DHL", "info"),
        (way(arrives_to=at(-1)), "Later than planned", "was expected by Friday 20 Nov", "wait"),
        (way(carrier_status="out_for_delivery"), "Arrives today", "DHL", "info"),
        (way(carrier_status="out_for_delivery", arrives_from=at(0, 13), arrives_to=at(0, 16)), "Arrives today",
         "between 14:00 and 17:00 · DHL", "info"),
        (way(carrier_status="out_for_delivery", arrives_from=at(1, 13), arrives_to=at(1, 16)), "Arrives today", "DHL", "info"),
        (way(carrier_status="out_for_delivery", arrives_from=at(-5, 7), arrives_to=at(-5, 17)), "Out for delivery", "DHL",
         "info"),
        (way(carrier_status="out_for_delivery", arrives_to=at(0, 5)), "Arrives today", "DHL", "info"),
        (way(carrier_status="delayed", arrives_from=at(2, 7), arrives_to=at(2, 17)), "Later than planned",
         "expected on Monday 23 Nov, between 08:00 and 18:00", "wait"),
        (way(carrier_status="on_hold"), "Held up on its way", "DHL", "wait"),
        (way(carrier_status="delayed", arrives_to=at(-1)), "Later than planned", "was expected by Friday 20 Nov", "wait"),
        (way(fulfilment="partly_shipped"), "Partly on its way", "DHL", "info"),
        (way(carrier_status="delayed", arrives_to=at(2)), "Later than planned", "expected by Monday 23 Nov", "wait"),
        (way(carrier_status="delayed", arrives_to=at(0)), "Later than planned", "expected by Saturday 21 Nov", "wait"),
        (way(stage="needs_you", carrier_status="attempt_failed"), "Delivery was tried",
         "Choose a new day or a pick-up point with DHL", "bad"),
        (way(stage="needs_you", carrier_status="ready_for_pickup"), "Ready for pick-up", "DHL keeps it for you", "bad"),
        (way(stage="delivered", delivered_at=at(0, 8)), "Delivered today", "DHL", "good"),
        (way(stage="delivered", delivered_at=at(-1)), "Delivered yesterday", "DHL", "good"),
        (way(stage="delivered", delivered_at=at(-49)), "Delivered on 3 Oct 2026", "DHL", "good"),
        (way(stage="delivered", refunded=500), "Delivered", "€5.00 refunded", "good"),
        (ROW | {"stage": "delivered"}, "Complete", "", "good"),
        (ROW | {"stage": "cancelled", "cancelled_at": at(-1)}, "Cancelled on 20 Nov 2026", "", "plain"),
        (ROW | {"stage": "returned", "refunded": 900}, "Refunded", "€9.00 refunded", "plain"),
        (way(stage="returned", fulfilment="partly_returned"), "Partly returned", "", "plain"),
        (way(stage="returned", fulfilment="returned", payment="partly_refunded", refunded=900), "Returned", "€9.00 refunded",
         "plain"),
        (way(stage="returned", fulfilment="returned", payment="refunded", refunded=900), "Refunded", "€9.00 refunded", "plain"),
        (way(stage="returned", carrier_status="returned_to_sender"), "Returned to sender", "", "plain"),
    ],
)  # fmt: skip
@time_machine.travel(NOW, tick=False)
def test_the_headline_says_what_a_person_wants_to_know(row: dict[str, Any], headline: str, detail: str, tone: str) -> None:
    said = sentence(row, VOICE)
    assert (said.headline, said.detail, said.tone) == (headline, detail, tone)


@pytest.mark.parametrize(("reason", "headline"), [
    ("consignee_not_home", "Nobody was home"), ("consignee_not_available", "Nobody was home"),
    ("carrier_not_enough_time", "Delivery was tried"), ("", "Delivery was tried"),
])  # fmt: skip
def test_that_nobody_was_home_is_said_only_where_it_is_known(reason: str, headline: str) -> None:
    row = way(stage="needs_you", carrier_status="attempt_failed")
    assert told(Facts(**row), VOICE, VOICE.today(), reason).headline == headline


@time_machine.travel(datetime(2026, 11, 21, 23, 30, tzinfo=UTC), tick=False)
def test_today_is_the_readers_today() -> None:
    """In Paris it is Sunday already, in New York still Saturday."""
    row = way(arrives_to=datetime(2026, 11, 22, 12, tzinfo=UTC))
    assert sentence(row, Voice("en", "Europe/Paris")).headline == "Arrives today"
    assert sentence(row, Voice("en", "America/New_York")).headline == "Arrives tomorrow, Sunday 22 Nov"


@time_machine.travel(NOW, tick=False)
def test_a_history_that_tells_no_more_is_not_under_way() -> None:
    """A sheet of 2010 says what was ordered, an old report that it was sent: nothing says that it has not arrived."""
    old = {"placed_at": at(-61)}
    assert sentence(ROW | old, VOICE).headline == "Ordered on 21 Sept 2026"
    sent = sentence(way(**old, shipped_at=at(-60)), VOICE)
    assert (sent.headline, sent.tag, sent.tone, sent.steps) == ("Sent on 22 Sept 2026", "Sent", "plain", 0)
    failed = sentence(way(**old, stage="needs_you", carrier_status="attempt_failed"), VOICE)
    assert failed.headline == "Delivery was tried"
