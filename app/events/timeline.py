"""An order's events in the customer's words, newest first."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct

from app.i18n import Voice, _
from app.reading import Part


class Moment(Struct, frozen=True):
    text: str
    detail: str
    when: str
    current: bool


class KeptEvent(Struct, frozen=True, array_like=True):
    """Columns of `Event`."""

    kind: str
    at: datetime
    data: str


# What `timeline` is given, for `reading.together` with the order's id. Two scans of one minute keep the order in which they
# were recorded.
PARTS = (Part(KeptEvent, 'FROM events WHERE "order" = {} ORDER BY at DESC, id DESC LIMIT 200'),)


def timeline(found: Sequence[KeptEvent], voice: Voice) -> list[Moment]:
    words = _words(voice)
    known = [event for event in found if event.kind in words]
    return [_moment(event, words[event.kind], n == 0, voice) for n, event in enumerate(known)]


def _moment(event: KeptEvent, text: str, newest: bool, voice: Voice) -> Moment:
    data = msgspec.json.decode(event.data)
    when = _("date not known") if data.get("undated") else voice.moment(event.at)
    return Moment(text, _detail(event.kind, data, voice), when, newest)


@lru_cache(64)
def _words(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {
        "order_placed": _("Order placed"),
        "order_paid": _("Paid"),
        "order_updated": _("Updated by the seller"),
        "order_cancelled": _("Order cancelled"),
        "line_cancelled": _("Item cancelled"),
        "shipment_dispatched": _("Handed to the carrier"),
        "shipment_out_for_delivery": _("Out for delivery"),
        "shipment_ready_for_pickup": _("Ready for pick-up"),
        "shipment_attempt_failed": _("Nobody was home"),
        "shipment_returned_to_sender": _("Returned to sender"),
        "shipment_delivered": _("Parcel delivered"),
        "refund_succeeded": _("Refund issued"),
        "invoice_added": _("Invoice added"),
    }


def _detail(kind: str, data: dict[str, Any], voice: Voice) -> str:
    if kind == "refund_succeeded":
        return voice.money(data["amount"], data["currency"])
    if kind == "line_cancelled":
        return f"{data['quantity']} × {data['title']}"
    if kind.startswith("shipment_"):
        return " ".join(text for text in (data.get("carrier"), data.get("tracking_number")) if text)
    return str(data.get("reason", ""))
