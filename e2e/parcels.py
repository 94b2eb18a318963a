"""Parcels whose carriers have told something of them, put into a counter's tables."""

import base64
import json
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from e2e.counter import Counter

NUMBERS = count(10_000)


def ago(days: float = 0.0, **more: float) -> str:
    """A time before now (negative: to come), as JSON has it."""
    return (datetime.now(UTC) - timedelta(days, **more)).isoformat()


SOON = 0.1  # days


def lately(days: float) -> str:
    """So many (fewer than SOON) days ago; soon after midnight less, so that it is of today where these accounts are: in UTC."""
    now = datetime.now(UTC)
    today = now - now.replace(hour=0, minute=0, second=0, microsecond=0)
    return (now - min(timedelta(days), today * (days / SOON))).isoformat()


def scan(
    at: str, status: str, words: str = "", place: str = "", where: tuple[float, float] | None = None, **about: Any
) -> dict:
    """`where` is (latitude, longitude)."""
    latitude, longitude = where or (None, None)
    said = {"reason": "", "country": "", "latitude": latitude, "longitude": longitude, "code": "", "zoned": True, **about}
    return {"external_id": f"{at} {status} {words}", "source": "test", "at": at, "status": status, "words": words,
            "place": place, "recorded_at": at, **said}  # fmt: skip


def tell(counter: Counter, order: str, scans: list[dict[str, Any]], parcel: str = "p1", **about: Any) -> int:
    """The shipment's id. `about`: columns of its row, and with `order_` in front of their names those of its order's."""
    order_about = {name.removeprefix("order_"): value for name, value in about.items() if name.startswith("order_")}
    told = {"order": order, "parcel": parcel, "scans": scans, "order_about": order_about,
            "about": {name: value for name, value in about.items() if not name.startswith("order_")}}  # fmt: skip
    return int(counter.beside("tell", **told))


def parcel(id: str = "p1", **about: Any) -> dict[str, Any]:
    """As the API takes it: with Colissimo since yesterday."""
    return {"id": id, "carrier": "Colissimo", "tracking_number": f"6A{next(NUMBERS):011d}", "status": "in_transit",
            "shipped_at": ago(1), "lines": [{"line": "1", "quantity": 1}], **about}  # fmt: skip


LYON, PARIS, ROISSY, LONDON = (45.76, 4.84), (48.86, 2.35), (49.01, 2.55), (51.51, -0.13)
# Grey.
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAAAAACRn/EaAAAAEElEQVR4nGNsYGBgYGKAEQAHPACGHozoxQAAAABJRU5ErkJggg==")
ADDRESS = {"name": "Nina Neuf", "street": "6 rue des Lilas", "postal_code": "69003", "city": "Lyon", "country": "FR"}
WAY = [
    scan(ago(3), "info_received", "Electronic notification received"),
    scan(ago(2.5), "picked_up", "Pris en charge", "Roissy", ROISSY, country="FR"),
    scan(ago(2), "in_transit", "Colis trié sur la plateforme", "Paris", PARIS, country="FR"),
    scan(ago(1.2), "in_transit", "Arrived at hub", "Dijon", (47.32, 5.04), country="FR"),
    scan(ago(0.4), "in_transit", "Arrived at the depot", "Corbas", (45.67, 4.9), country="FR"),
    scan(lately(0.05), "out_for_delivery", "OUT FOR DELIVERY", "Lyon", LYON, country="FR"),
]
ON_THE_WAY = {
    "status": "out_for_delivery", "scanned_at": lately(0.05), "order_carrier_status": "out_for_delivery",
    "order_stage": "on_the_way",
}  # fmt: skip


def bought(counter: Counter, count: int = 1) -> str:
    """By somebody new, sent in so many parcels, p1, p2 …"""
    parcels = [parcel(f"p{n}") for n in range(1, count + 1)]
    lines = [{"id": "1", "title": "Teapot", "quantity": count, "unit_price": 4800, "total": 4800 * count}]
    return counter.newcomer(lines=lines, total=4800 * count, shipments=parcels, shipping_address=ADDRESS)


def on_the_way(counter: Counter, email: str) -> None:
    """Out for delivery, with a map of where it came through."""
    tell(counter, email, WAY, **ON_THE_WAY)


def waits(counter: Counter, email: str) -> None:
    """At a pick-up point, with a code."""
    point = {
        "name": "Tabac des Brotteaux", "address": ["12 cours Vitton", "69006 Lyon"], "hours": ["Mon–Sat 07:00–19:30"],
        "code": "482 913", "until": ago(-9), "latitude": 45.77, "longitude": 4.85,
    }  # fmt: skip
    tell(
        counter, email, [*WAY, scan(lately(0.02), "ready_for_pickup", "", "Lyon", LYON)], pickup=json.dumps(point),
        status="ready_for_pickup", scanned_at=lately(0.02), order_carrier_status="ready_for_pickup", order_stage="needs_you",
    )  # fmt: skip


def delivered(counter: Counter, email: str) -> None:
    """With a photo and a signature."""
    at = lately(0.01)
    shipment = tell(
        counter, email, [scan(at, "delivered", "Left with the neighbour", "Lyon", LYON, country="FR")], status="delivered",
        scanned_at=at, delivered_at=at, signed_by="M. Martin", order_carrier_status="delivered", order_stage="delivered",
        order_delivered_at=at,
    )  # fmt: skip
    for kind in ("photo", "signature"):
        counter.beside("keep_proof", shipment=shipment, kind=kind, body=base64.b64encode(PNG).decode())


def late(counter: Counter, email: str) -> None:
    """Promised for the day before yesterday, heard of since, and marked by ourselves."""
    tell(
        counter, email, WAY[:3], status="in_transit", scanned_at=ago(2), estimated_from=ago(2.2), estimated_to=ago(1.9),
        overdue_at=ago(0.5), overdue_why="late", order_carrier_status="in_transit", order_stage="on_the_way",
    )  # fmt: skip


def reported(counter: Counter, email: str) -> None:
    """Delivered as the carrier says; it never came, says its customer."""
    delivered(counter, email)
    tell(counter, email, [], missing_at=lately(0.005), missing_note="Not in the letter box either.")
