"""A reason is said in the same words wherever it is said."""

import pytest

from app import clock
from app.events import parcel_words
from app.i18n import Voice
from app.notifications import wording
from app.notifications.channels import News


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("reason", ["consignee_not_home", "carrier_sorting_error"])
def test_news_of_a_parcel_gives_the_reason_that_its_card_gives(locale: str, reason: str) -> None:
    voice = Voice(locale)
    held = News(
        id=1, topic="deliveries", kind="shipment_on_hold", order=None, url="/", data={"reason": reason}, at=clock.now()
    )  # fmt: skip
    assert parcel_words.reason(reason, voice)
    assert wording.said(held, voice).body.startswith(parcel_words.reason(reason, voice))
