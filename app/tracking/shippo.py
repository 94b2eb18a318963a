"""Shippo: track objects, alone or in a webhook (`track_updated`).

https://docs.goshippo.com/docs/tracking/tracking and …/docs/tracking/webhooks. The newest checkpoint stands in
`tracking_status` and, with another `object_id`, in `tracking_history`: these ids tell the same thing twice, and are not used.
"""

from app.shipments.snapshot import ScanSnapshot, TrackingSnapshot
from app.tracking.fields import Fields, Unusable, country, decoded, place, window
from app.tracking.messages import Message
from app.tracking.vocabulary import Words, code, meaning

EVENTS = ("track_updated",)
STATUSES: Words = {
    "unknown": ("unknown", ""),
    "pre_transit": ("info_received", ""),
    "transit": ("in_transit", ""),
    "delivered": ("delivered", ""),
    "returned": ("returned_to_sender", ""),
    "failure": ("attempt_failed", ""),
}
SUBSTATUSES: Words = {
    "information_received": ("info_received", ""),
    "address_issue": ("on_hold", "consignee_incorrect_address"),
    "contact_carrier": ("on_hold", ""),
    "delayed": ("delayed", ""),
    "delivery_attempted": ("attempt_failed", ""),
    "location_inaccessible": ("attempt_failed", "consignee_access_restricted"),
    "notice_left": ("attempt_failed", "consignee_not_home"),
    "out_for_delivery": ("out_for_delivery", ""),
    "package_accepted": ("picked_up", ""),
    "package_damaged": ("on_hold", "carrier_damaged_parcel"),
    "package_held": ("on_hold", ""),
    "package_lost": ("on_hold", "carrier_parcel_lost"),
    "package_unclaimed": ("on_hold", "consignee_not_available"),
    "package_undeliverable": ("attempt_failed", ""),
    "pickup_available": ("ready_for_pickup", ""),
    "reschedule_delivery": ("attempt_failed", ""),
    "return_to_sender": ("returned_to_sender", ""),
}


def read(body: bytes) -> Message:
    """Raises Unusable."""
    found = decoded(body)
    kind = found.text("event")
    if kind and kind not in EVENTS:
        return Message(about=kind)
    track = found.part("data") if kind else found
    if not (track.part("tracking_status").values or "tracking_history" in track.values):
        raise Unusable("this is not a track")
    return Message(about=kind, news=[_news(track)])


def _news(track: Fields) -> TrackingSnapshot:
    """Raises Unusable."""
    number = track.text("tracking_number")
    if not number:
        raise Unusable("a track without a tracking_number")
    first, last = window(track.text("eta"))
    points = [*track.each("tracking_history"), track.part("tracking_status")]
    return TrackingSnapshot(
        source="shippo",
        tracking_number=number,
        carrier=track.text("carrier"),
        service=track.part("servicelevel").text("name"),
        scans=[scan for one in points if (scan := _scan(one))],
        estimated_from=first,
        estimated_to=last,
        said_at=track.part("tracking_status").time("object_updated"),
    )


def _scan(point: Fields) -> ScanSnapshot | None:
    """None without a time that can be read: it says not when."""
    at, where = point.time("status_date"), point.part("location")
    if at is None:
        return None
    said, finer = point.text("status"), point.part("substatus").text("code")
    status, reason = meaning(said, finer, STATUSES, SUBSTATUSES)
    return ScanSnapshot(
        at=at, status=status, reason=reason, words=point.text("status_details"), code=code(said, finer),
        place=place(where.text("city"), where.text("state")), country=country(where.text("country")),
    )  # fmt: skip
