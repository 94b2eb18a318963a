"""What the carriers say of the demo shop's parcels of the last months: the way each has come, in the carrier's own language.

Ids are the same on every day: seeded again on a later day, a scan stays as it was.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from app import clock
from app.demo.scan_words import LANGUAGES, WORDS
from app.ingest.snapshot import OrderSnapshot, Shipment
from app.shipments.snapshot import PickupPoint, ScanSnapshot, TrackingSnapshot
from app.shipments.statuses import CarrierStatus, Reason

TOLD_FOR = timedelta(days=90)
Town = tuple[str, str, float, float]  # name, country, latitude, longitude (WGS 84)
FROM: dict[str, tuple[Town, Town]] = {
    "atelier-nord": (("Roubaix", "FR", 50.69, 3.174), ("Douai", "FR", 50.371, 3.08)),
    "hifi-lambert": (("Berlin", "DE", 52.52, 13.405), ("Leipzig", "DE", 51.34, 12.375)),
    "alpages": (("Bulle", "CH", 46.619, 7.057), ("Daillens", "CH", 46.62, 6.549)),
}
TOWNS: dict[str, Town] = {
    "Lyon": ("Lyon", "FR", 45.764, 4.836), "Annecy": ("Annecy", "FR", 45.899, 6.129),
    "Bristol": ("Bristol", "GB", 51.455, -2.588),
    "Portland": ("Portland", "US", 45.515, -122.678), "Lausanne": ("Lausanne", "CH", 46.52, 6.632),
    "Kyoto": ("Kyoto", "JP", 35.012, 135.768),
}  # fmt: skip
HUBS: dict[str, Town] = {
    "FR": ("Saint-Priest", "FR", 45.697, 4.942), "GB": ("Tamworth", "GB", 52.634, -1.696),
    "US": ("Louisville", "US", 38.253, -85.758),
    "CH": ("Daillens", "CH", 46.62, 6.549), "JP": ("Osaka", "JP", 34.694, 135.502),
}  # fmt: skip
# Of what became of a parcel: how many days before today it was, at which time (UTC), and why.
ENDS: dict[str, tuple[int, str, Reason]] = {
    "out_for_delivery": (0, "05:40", ""), "attempt_failed": (1, "10:35", "consignee_not_home"),
    "ready_for_pickup": (1, "15:10", ""), "in_transit": (1, "20:05", ""), "delayed": (1, "18:20", "weather_delay"),
    "on_hold": (1, "14:45", "customs_delay"), "info_received": (1, "17:30", ""),
    "returned_to_sender": (2, "12:15", "consignee_not_available"),
}  # fmt: skip
BEFORE_THE_END: dict[str, tuple[CarrierStatus, ...]] = {
    "out_for_delivery": (), "delivered": ("out_for_delivery",), "attempt_failed": ("out_for_delivery",),
    "ready_for_pickup": (), "returned_to_sender": ("attempt_failed", "ready_for_pickup"),
}  # fmt: skip
POINTS = {
    "FR": PickupPoint(
        name="Tabac des Canuts", address=["31 Grande Rue", "69004 Lyon"], code="4711", latitude=45.7745, longitude=4.8317,
        hours=["lun.–ven. 7:00–19:30", "sam. 8:00–19:00", "dim. fermé"],
    ),
    "CH": PickupPoint(
        name="Poste 1005 Lausanne", address=["Rue de Bourg 20", "1005 Lausanne"], code="K7-204", latitude=46.519,
        longitude=6.636, hours=["lun.–ven. 8:00–18:30", "sam. 9:00–16:00"],
    ),
}  # fmt: skip


def messages(orders: Iterator[OrderSnapshot], today: date) -> Iterator[tuple[str, TrackingSnapshot]]:
    """(merchant's slug, all that its carrier says) of every parcel with a number and a way."""
    for order in orders:
        if today - order.placed_at.date() > TOLD_FOR:
            continue
        for shipment in order.shipments:
            if shipment.tracking_number and shipment.status in {*ENDS, *BEFORE_THE_END}:
                yield order.merchant, _message(order, shipment, today)


def _message(order: OrderSnapshot, shipment: Shipment, today: date) -> TrackingSnapshot:
    home = TOWNS.get(order.shipping_address.city, TOWNS["Lyon"]) if order.shipping_address else TOWNS["Lyon"]
    waits, scans = shipment.status == "ready_for_pickup", _way(order, shipment, home, today)
    early = scans[-1].at > clock.now()  # seeded in the night, before what happens today: said at its beginning, each time
    return TrackingSnapshot(
        source="demo",
        tracking_number=shipment.tracking_number,
        scans=scans,
        said_at=datetime.combine(today, time(), UTC) if early else None,
        pickup=POINTS.get(home[1]) if waits else None,
        signed_by=order.customer.name.upper() if shipment.status == "delivered" else "",
    )


def _way(order: OrderSnapshot, shipment: Shipment, home: Town, today: date) -> list[ScanSnapshot]:
    """From the label to where it is now, evenly between these two."""
    shop, sorting = FROM[order.merchant]
    hub = HUBS.get(home[1], home)
    end, reason = _end(shipment, today)
    if shipment.shipped_at is None:
        return [_scan(shipment, 0, shipment.status, end, shop)]
    start = shipment.shipped_at
    steps: list[tuple[CarrierStatus, Town]] = [("in_transit", sorting), ("in_transit", hub)]
    steps += [(status, home) for status in BEFORE_THE_END.get(shipment.status, ())]
    part = (max(end, start + timedelta(hours=1)) - start) / (len(steps) + 1)
    scans = [
        _scan(shipment, 0, "info_received", start - timedelta(hours=5), shop),
        _scan(shipment, 1, "picked_up", start, shop),
    ]
    scans += [_scan(shipment, n, status, start + part * (n - 1), town) for n, (status, town) in enumerate(steps, 2)]
    last = home if shipment.status in BEFORE_THE_END else hub
    return [*scans, _scan(shipment, len(scans), shipment.status, start + part * (len(steps) + 1), last, reason)]


def _end(shipment: Shipment, today: date) -> tuple[datetime, Reason]:
    if shipment.delivered_at:
        return shipment.delivered_at, ""
    days, clock, reason = ENDS[shipment.status]
    return datetime.combine(today - timedelta(days), time.fromisoformat(clock), UTC), reason


def _scan(
    shipment: Shipment, number: int, status: CarrierStatus, at: datetime, town: Town, reason: Reason = ""
) -> ScanSnapshot:
    place, country, latitude, longitude = town
    words = WORDS[LANGUAGES.get(shipment.carrier, "en")].get(status, "")
    return ScanSnapshot(
        id=f"{shipment.tracking_number}-{number}-{status}", at=at, status=status, reason=reason, words=words, place=place,
        country=country, latitude=latitude, longitude=longitude,
    )  # fmt: skip
