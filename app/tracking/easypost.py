"""EasyPost: Tracker objects, alone, in a list or in an Event (`tracker.created`, `tracker.updated`).

https://docs.easypost.com/docs/trackers and …/docs/events. A Tracker always holds its whole history, also of a second carrier
that took the parcel over, whose name is then in `source` of a detail.
"""

from collections.abc import Iterator
from datetime import datetime

from app.shipments.snapshot import ScanSnapshot, TrackingSnapshot
from app.tracking.fields import Fields, Unusable, clock_of, country, decoded, place, window
from app.tracking.messages import Message
from app.tracking.vocabulary import Words, code, meaning

EVENTS = ("tracker.created", "tracker.updated")
STATUSES: Words = {
    "unknown": ("unknown", ""),
    "pre_transit": ("info_received", ""),
    "in_transit": ("in_transit", ""),
    "out_for_delivery": ("out_for_delivery", ""),
    "delivered": ("delivered", ""),
    "available_for_pickup": ("ready_for_pickup", ""),
    "return_to_sender": ("returned_to_sender", ""),
    "failure": ("attempt_failed", ""),
    "cancelled": ("cancelled", ""),
    "error": ("unknown", ""),
}
DETAILS: Words = {
    "address_correction": ("on_hold", "consignee_incorrect_address"),
    "arrived_at_pickup_location": ("ready_for_pickup", ""),
    "awaiting_information": ("on_hold", ""),
    "cancelled": ("cancelled", ""),
    "damaged": ("on_hold", "carrier_damaged_parcel"),
    "delayed": ("delayed", ""),
    "delivery_exception": ("attempt_failed", ""),
    "held": ("on_hold", ""),
    "lost": ("on_hold", "carrier_parcel_lost"),
    "missorted": ("delayed", "carrier_sorting_error"),
    "received_at_origin_facility": ("picked_up", ""),
    "refused": ("attempt_failed", "consignee_refused"),
    "return": ("returned_to_sender", ""),
    "transit_exception": ("delayed", ""),
    "unable_to_deliver": ("attempt_failed", ""),
    "weather_delay": ("delayed", "weather_delay"),
}


def read(body: bytes) -> Message:
    """Raises Unusable."""
    found = decoded(body)
    kind = found.text("description") if found.text("object") == "Event" else ""
    if kind and kind not in EVENTS:
        return Message(id=found.text("id"), about=kind)
    return Message(
        id=found.text("id") if kind else "", at=_said_at(found, kind), about=kind, news=[_news(one) for one in _trackers(found)]
    )


def _said_at(found: Fields, kind: str) -> datetime | None:
    """When the event was made: a tracker's own time says how old it is, not the message."""
    return found.time("created_at") if kind else None


def _trackers(found: Fields) -> Iterator[Fields]:
    """What an event is of, the members of a list, an order's, a shipment's, or the one itself. Raises Unusable."""
    found = next((found.part(name) for name in ("result", "tracker") if found.part(name).values), found)
    parcels = (one.part("tracker") for one in found.each("shipments"))
    several = [*found.each("trackers"), *(one for one in parcels if one.values)]
    if not several and not ("tracking_code" in found.values and "tracking_details" in found.values):
        raise Unusable("this is not a tracker")
    yield from several or [found]


def _news(tracker: Fields) -> TrackingSnapshot:
    """Raises Unusable."""
    number, detail = tracker.text("tracking_code"), tracker.part("carrier_detail")
    if not number:
        raise Unusable("a tracker without a tracking_code")
    local = clock_of(detail.text("est_delivery_date_local"), detail.text("est_delivery_time_local") or "23:59")
    first, last = (None, local) if local else window(tracker.text("est_delivery_date"))
    return TrackingSnapshot(
        source="easypost",
        tracking_number=number,
        carrier=tracker.text("carrier"),
        service=detail.text("service"),
        tracking_url=tracker.link("public_url"),
        scans=[scan for one in tracker.each("tracking_details") if (scan := _scan(one))],
        estimated_from=first,
        estimated_to=last,
        said_at=tracker.time("updated_at"),
        signed_by=tracker.text("signed_by"),
    )


def _scan(detail: Fields) -> ScanSnapshot | None:
    """None without a time that can be read: it says not when."""
    at, where = detail.time("datetime"), detail.part("tracking_location")
    if at is None:
        return None
    said, finer = detail.text("status"), detail.text("status_detail")
    status, reason = meaning(said, finer, STATUSES, DETAILS)
    return ScanSnapshot(
        at=at, status=status, reason=reason, words=detail.text("message", "description"), code=code(said, finer),
        place=place(where.text("city"), where.text("state")), country=country(where.text("country")),
    )  # fmt: skip
