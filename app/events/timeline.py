"""An order's events in the customer's words, newest first."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct

from app.events import of_order, parcel_words, return_words, withdrawal_words
from app.i18n import Voice, _
from app.reading import Part

Turn = tuple[str, str, int]  # a parcel's key, the kind of event, the how many-th of that kind


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
OF_CARDS = "kind NOT IN ('shipment_info_received', 'shipment_picked_up', 'shipment_in_transit')"  # see `_words`
SHOWN = f"{of_order.ITSELF} AND {OF_CARDS}"
PARTS = (Part(KeptEvent, f'FROM events WHERE "order" = {{}} AND {SHOWN} ORDER BY at DESC, id DESC LIMIT 200'),)


class Told(Struct, frozen=True):
    """An event with its data; `at` is None where nobody knows when it was, and it stands where it was told."""

    kind: str
    data: dict[str, Any]
    stands: datetime
    at: datetime | None


def timeline(found: Sequence[KeptEvent], voice: Voice, turns: Mapping[Turn, datetime] | None = None) -> list[Moment]:
    """`turns`: when those of its parcels' ways were that are known better than the events know."""
    words = _words(voice)
    known = [_told(event, turns or {}) for event in found if event.kind in words]
    known.sort(key=lambda told: told.stands, reverse=True)  # what is of one time stays as it was
    return [_moment(told, words[told.kind], n == 0, voice) for n, told in enumerate(known)]


def _told(event: KeptEvent, turns: Mapping[Turn, datetime]) -> Told:
    data = msgspec.json.decode(event.data)
    at = turns.get((str(data.get("key", "")), event.kind, data.get("occurrence", 1)))
    return Told(event.kind, data, at or event.at, at or (None if data.get("undated") else event.at))


def _moment(told: Told, text: str, newest: bool, voice: Voice) -> Moment:
    when = voice.moment(told.at) if told.at else _("date not known")
    return Moment(text, _detail(told.kind, told.data, voice), when, newest)


@lru_cache(64)
def _words(voice: Voice) -> dict[str, str]:
    """Of every kind that the order's own history tells. That a parcel was announced, picked up or is moving is told by its
    card, with every scan; here it would only be said again."""
    _ = voice.gettext
    return (
        {
            "order_placed": _("Order placed"),
            "order_paid": _("Paid"),
            "order_updated": _("Updated by the seller"),
            "order_cancelled": _("Order cancelled"),
            "line_cancelled": _("Item cancelled"),
            "shipment_dispatched": _("Handed to the carrier"),
            "shipment_on_hold": _("Held up"),
            "shipment_delayed": _("Delayed"),
            "shipment_rescheduled": _("New date of arrival"),
            "shipment_overdue": _("Late without news"),
            "shipment_out_for_delivery": _("Out for delivery"),
            "shipment_ready_for_pickup": _("Ready for pick-up"),
            "shipment_attempt_failed": _("Could not be handed over"),
            "shipment_returned_to_sender": _("Returned to sender"),
            "shipment_delivered": _("Parcel delivered"),
            "parcel_reported_missing": _("You said that it never came"),
            "invoice_added": _("Invoice added"),
        }
        | _of_money(voice)
        | withdrawal_words.kinds(voice)
        | return_words.kinds(voice)
    )


def _of_money(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {
        "refund_requested": _("Refund asked for"),
        "refund_approved": _("Refund approved"),
        "refund_reduced": _("Refund reduced"),
        "refund_sent": _("Refund sent"),
        "refund_succeeded": _("Refund issued"),
        "refund_failed": _("Refund not made"),
        "refund_reference_corrected": _("Reference of the refund corrected"),
        "refund_arrived": _("You said that the refund has arrived"),
    }


def _detail(kind: str, data: dict[str, Any], voice: Voice) -> str:
    if kind == "refund_reference_corrected":
        return str(data.get("reference") or "")
    if kind.startswith("refund_"):
        to = " ·· ".join(str(data[name]) for name in ("brand", "last_four") if data.get(name))
        return " · ".join(text for text in (voice.money(data["amount"], data["currency"]), to) if text)
    if kind.startswith("withdrawal_"):
        return " · ".join(withdrawal_words.detail(kind, data, voice))
    if kind.startswith(return_words.BEGINNINGS):
        return " · ".join(return_words.detail(kind, data, voice))
    if kind == "line_cancelled":
        return f"{data['quantity']} × {data['title']}"
    if kind.startswith("shipment_") or kind == "parcel_reported_missing":
        return " · ".join(text for text in _of_parcel(kind, data, voice) if text)
    return str(data.get("reason", ""))


def _of_parcel(kind: str, data: dict[str, Any], voice: Voice) -> Iterator[str]:
    """Where, why, and which parcel."""
    yield parcel_words.reason(str(data.get("reason") or ""), voice).rstrip(".")
    if kind == "shipment_rescheduled" and (at := _moment_of(data.get("estimated_to"))):
        yield voice.weekday(at)
    yield str(data.get("place") or "")
    if kind == "shipment_delivered" and data.get("signed_by"):
        yield _("signed for by %(name)s") % {"name": data["signed_by"]}
    yield " ".join(str(data[name]) for name in ("carrier", "tracking_number") if data.get(name))


def _moment_of(value: Any) -> datetime | None:
    """An event's data is JSON: a time in it is a text."""
    try:
        return msgspec.convert(value, datetime)
    except msgspec.ValidationError:
        return None
