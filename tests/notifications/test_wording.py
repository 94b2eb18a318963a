"""A reason is said in the same words wherever it is said, a day that is past nowhere, and where a parcel waits in full."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from app import clock
from app.events import parcel_words
from app.i18n import Voice
from app.notifications import wording
from app.notifications.channels import News

pytestmark = pytest.mark.without_database


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("reason", ["consignee_not_home", "carrier_sorting_error"])
def test_news_of_a_parcel_gives_the_reason_that_its_card_gives(locale: str, reason: str) -> None:
    voice = Voice(locale)
    held = News(
        id=1, topic="deliveries", kind="shipment_on_hold", order=None, url="/", data={"reason": reason}, at=clock.now()
    )  # fmt: skip
    assert parcel_words.reason(reason, voice)
    assert wording.said(held, voice).body.startswith(parcel_words.reason(reason, voice))


NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)  # a Friday
POINT = {"name": "Le Relais", "address": ["3 quai Sarrail", "69006 Lyon"], "until": "2026-12-04T18:00:00Z", "coded": True}
OLD = {"estimated_from": "2026-11-22T07:00:00Z", "estimated_to": "2026-11-22T17:00:00Z"}
TODAY = {"estimated_from": "2026-11-27T13:00:00Z", "estimated_to": "2026-11-27T16:00:00Z"}
TOMORROW = {"estimated_from": "2026-11-28T13:00:00Z", "estimated_to": "2026-11-28T16:00:00Z"}
SPAN = {"estimated_from": "2026-11-24T07:00:00Z", "estimated_to": "2026-12-01T17:00:00Z"}


def body(kind: str, locale: str, data: dict[str, Any], *, ago: timedelta = timedelta(), heard: timedelta = timedelta()) -> str:
    one = News(
        id=1, topic="deliveries", kind=f"shipment_{kind}", order=1, url="/", data=data, at=NOW - ago, created_at=NOW - heard
    )  # fmt: skip
    return wording.said(one, Voice(locale, "Europe/Paris")).body.replace("\u00a0", " ")


@pytest.mark.parametrize(("kind", "data", "english", "french"), [
    ("out_for_delivery", TOMORROW, "It is in the van. Expected on Friday 27 Nov.",
     "Il est dans le véhicule du livreur. Attendu vendredi 27 nov."),
    ("out_for_delivery", OLD, "It is in the van. Expected on Friday 27 Nov.",
     "Il est dans le véhicule du livreur. Attendu vendredi 27 nov."),
    ("out_for_delivery", TODAY, "It is in the van. Expected on Friday 27 Nov, 14:00 – 17:00.",
     "Il est dans le véhicule du livreur. Attendu vendredi 27 nov., 14:00 – 17:00."),
    ("dispatched", OLD, "The seller has handed it to the carrier.", "Le vendeur l’a remis au transporteur."),
    ("dispatched", SPAN, "The seller has handed it to the carrier. Expected between Friday 27 Nov and Tuesday 1 Dec.",
     "Le vendeur l’a remis au transporteur. Attendu entre vendredi 27 nov. et mardi 1er déc."),
    ("attempt_failed", TODAY | {"reason": "consignee_not_home"}, "Nobody was home.", "Il n’y avait personne."),
    ("ready_for_pickup", TODAY | {"pickup": POINT, "place": "Lyon"},
     "It waits for you at Le Relais, 3 quai Sarrail, 69006 Lyon until Friday 4 Dec. The code for it is on its page.",
     "Il vous attend ici : Le Relais, 3 quai Sarrail, 69006 Lyon, jusqu’au vendredi 4 déc. "
     "Le code pour le retirer est sur sa page."),
    ("ready_for_pickup", {"pickup": {"name": "Le Relais", "until": "2026-11-20T18:00:00Z"}},
     "It waits for you at Le Relais.", "Il vous attend ici : Le Relais."),
])  # fmt: skip
@time_machine.travel(NOW, tick=False)
def test_no_day_is_promised_that_is_past_or_was_named_for_something_else(
    kind: str, data: dict[str, Any], english: str, french: str
) -> None:
    assert (body(kind, "en", data), body(kind, "fr", data)) == (english, french)


@time_machine.travel(NOW, tick=False)
def test_what_happened_days_before_it_was_heard_is_told_as_such() -> None:
    days = timedelta(days=5)
    assert body("in_transit", "en", {}, ago=days) == ("News of Sunday 22 Nov that came late: The parcel is moving towards you.")
    assert body("in_transit", "fr", {}, ago=days).startswith("Nouvelle du dimanche 22 nov., arrivée en retard : ")
    assert body("in_transit", "en", {}, ago=days, heard=days) == "The parcel is moving towards you."
    assert "came late" not in body("dispatched", "en", {"undated": True}, ago=days)
