"""AfterShip: tracking objects as the API answers them, and webhooks (`tracking_update`, `edd_revise`).

https://www.aftership.com/docs/tracking/webhook/webhook-overview and …/enum/delivery-sub-statuses. Every message holds the
whole history. Sub-statuses (“InTransit_004”) are finer than tags (“InTransit”); one that no table has yet means its tag.
Coordinates of version 4 are a list of two numbers in no documented order, and are left out; later ones name them.
"""

from collections.abc import Iterator

from app.shipments.snapshot import PickupPoint, ScanSnapshot, TrackingSnapshot
from app.tracking.fields import Fields, Unusable, Window, country, decoded, place, window
from app.tracking.messages import Message
from app.tracking.vocabulary import Words, code, meaning

EVENTS = ("tracking_update", "edd_revise")
TAGS: Words = {
    "pending": ("pending", ""),
    "inforeceived": ("info_received", ""),
    "intransit": ("in_transit", ""),
    "outfordelivery": ("out_for_delivery", ""),
    "attemptfail": ("attempt_failed", ""),
    "delivered": ("delivered", ""),
    "availableforpickup": ("ready_for_pickup", ""),
    "exception": ("on_hold", ""),
    "expired": ("unknown", ""),
}
SUBTAGS: Words = {
    "intransit_002": ("picked_up", ""),
    "intransit_006": ("in_transit", "customs_inspection"),
    "attemptfail_002": ("attempt_failed", "consignee_not_available"),
    "attemptfail_003": ("attempt_failed", "consignee_business_closed"),
    "exception_002": ("attempt_failed", "consignee_incorrect_address"),
    "exception_003": ("attempt_failed", "consignee_refused"),
    "exception_004": ("delayed", "customs_delay"),
    "exception_005": ("delayed", ""),
    "exception_006": ("on_hold", "customs_duties_unpaid"),
    "exception_007": ("attempt_failed", "consignee_incorrect_address"),
    "exception_008": ("on_hold", "consignee_not_available"),
    "exception_009": ("on_hold", "retailer_incorrect_parcel"),
    "exception_010": ("returned_to_sender", ""),
    "exception_011": ("returned_to_sender", ""),
    "exception_012": ("on_hold", "carrier_damaged_parcel"),
    "exception_013": ("on_hold", "carrier_parcel_lost"),
    "exception_016": ("delayed", "carrier_sorting_error"),
    "exception_017": ("delayed", "weather_delay"),
    "exception_018": ("on_hold", "customs_documentation"),
}


def read(body: bytes) -> Message:
    """Raises Unusable."""
    found = decoded(body)
    kind = found.text("event")
    if kind and kind not in EVENTS:
        return Message(id=found.text("event_id"), about=kind)
    return Message(
        id=found.text("event_id"),
        at=found.instant("ts") if kind else None,
        about=kind,
        news=[_news(one) for one in _trackings(found)],
    )


def _trackings(found: Fields) -> Iterator[Fields]:
    """Out of a webhook's `msg`, out of an answer's `data`, or the one itself. Raises Unusable."""
    found = next((found.part(name) for name in ("msg", "data") if found.part(name).values), found)
    several = list(found.each("trackings"))
    one = found.part("tracking") if found.part("tracking").values else found
    if not several and not ("tracking_number" in one.values and ("tag" in one.values or "checkpoint" in one.values)):
        raise Unusable("this says nothing of a parcel's way")
    yield from several or [one]


def _news(tracking: Fields) -> TrackingSnapshot:
    """Raises Unusable."""
    number = tracking.text("tracking_number")
    if not number:
        raise Unusable("a tracking without a tracking_number")
    first, last = _estimate(tracking)
    points = [*tracking.each("checkpoints"), tracking.part("checkpoint")]
    return TrackingSnapshot(
        source="aftership",
        tracking_number=number,
        carrier=tracking.text("slug"),
        service=tracking.text("shipment_type"),
        tracking_url=tracking.link("courier_tracking_link"),
        scans=[scan for one in points if (scan := _scan(one))],
        estimated_from=first,
        estimated_to=last,
        pickup=_pickup(tracking),
        said_at=tracking.time("last_updated_at", "updated_at"),
        signed_by=tracking.text("signed_by"),
    )


def _estimate(tracking: Fields) -> Window:
    """The carrier's; AfterShip's own guesses are not passed off as that."""
    said = tracking.part("courier_estimated_delivery_date")
    first, last = (said.time(f"estimated_delivery_date_{end}") for end in ("min", "max"))
    if first and last:
        return first, last
    return window(said.text("estimated_delivery_date") or tracking.text("expected_delivery"))


def _pickup(tracking: Fields) -> PickupPoint | None:
    name, note = tracking.text("pickup_location"), tracking.text("pickup_note")
    return PickupPoint(name=name, hours=note.splitlines()) if name else None


def _scan(point: Fields) -> ScanSnapshot | None:
    """None without a time that can be read: it says not when."""
    at, where = point.time("checkpoint_time"), point.part("coordinate")
    if at is None:
        return None
    tag, subtag = point.text("tag"), point.text("subtag")
    status, reason = meaning(tag or subtag.partition("_")[0], subtag, TAGS, SUBTAGS)
    return ScanSnapshot(
        at=at, status=status, reason=reason, words=point.text("message", "subtag_message"),
        code=code("" if subtag else tag, subtag),
        place=place(point.text("city"), point.text("state")) or point.text("location"),
        country=country(point.text("country_iso3", "country_region", "country_name")),
        latitude=where.degrees("latitude"), longitude=where.degrees("longitude"),
    )  # fmt: skip
