"""Shopify's fulfilments as parcels."""

from collections import Counter
from collections.abc import Iterable

from app.ingest.json_fields import Record
from app.ingest.shopify.ids import LineNames, identity
from app.ingest.snapshot import CarrierStatus, LineQuantity, ParcelState, Shipment

# REST Admin API 2024-10, Fulfillment: status
STATES: dict[str, ParcelState] = {
    "pending": "draft",
    "open": "draft",
    "success": "dispatched",
    "cancelled": "cancelled",
    "error": "cancelled",
    "failure": "cancelled",
}
# … shipment_status, with the later words of FulfillmentEventStatus; "failure" says that there is no news to be had
NEWS: dict[str, CarrierStatus] = {
    "label_purchased": "pending",
    "label_printed": "pending",
    "confirmed": "info_received",
    "carrier_picked_up": "picked_up",
    "in_transit": "in_transit",
    "delayed": "delayed",
    "out_for_delivery": "out_for_delivery",
    "attempted_delivery": "attempt_failed",
    "ready_for_pickup": "ready_for_pickup",
    "picked_up": "delivered",
    "delivered": "delivered",
}


def parcels(fulfilment: Record, lines: LineNames) -> list[Shipment]:
    """One parcel for each tracking number.

    Which of several parcels holds what Shopify does not tell: the lines stay with the first, so that they count once.
    """
    first = identity(fulfilment)
    numbers = fulfilment.texts("tracking_numbers") or [fulfilment.text("tracking_number")]
    links = _links(fulfilment)
    contents = quantities((_line_of(line, lines), line.count("quantity")) for line in fulfilment.each("line_items"))
    state = STATES.get(fulfilment.text("status").lower(), "dispatched")
    return [
        Shipment(
            id=first if place == 0 else f"{first}-{place + 1}",
            carrier=fulfilment.text("tracking_company"),
            tracking_number=number,
            tracking_url=links[place] if place < len(links) else "",
            state=state,
            status=NEWS.get(fulfilment.text("shipment_status").lower(), "unknown"),
            shipped_at=fulfilment.time("created_at") if state == "dispatched" else None,
            lines=contents if place == 0 else [],
        )
        for place, number in enumerate(numbers)
    ]


def quantities(pairs: Iterable[tuple[str, int]]) -> list[LineQuantity]:
    """Each line once; what names no line of the order is left out."""
    sums: Counter[str] = Counter()
    for line, quantity in pairs:
        sums[line] += quantity
    return [LineQuantity(line=line, quantity=quantity) for line, quantity in sums.items() if line and quantity > 0]


def _line_of(line: Record, lines: LineNames) -> str:
    return lines.find(identity(line))


def _links(fulfilment: Record) -> list[str]:
    several = Record({str(place): link for place, link in enumerate(fulfilment.texts("tracking_urls"))})
    return [several.link(place) for place in several.values] or [fulfilment.link("tracking_url")]
