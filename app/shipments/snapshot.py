"""The one structure that every carrier's news of a parcel becomes, whoever brought it: a program by the API, a webhook, or a
carrier that was asked.

Times are aware, or without a zone when the carrier names none (they are then read by the clock of the place, see
`local_times.py`). What a source does not say stays at its default; nothing is guessed.
"""

from datetime import datetime

from msgspec import Struct

from app.shipments.statuses import CarrierStatus, Reason


class Part(Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """An unknown field is an error, a default is not written out."""


class ScanSnapshot(Part):
    """One checkpoint. `id` is the carrier's own, empty where it has none; `words` and `code` are the carrier's, verbatim.

    `country` is ISO 3166-1 alpha-2; `latitude` and `longitude` are WGS 84 degrees.
    """

    at: datetime
    status: CarrierStatus = "unknown"
    id: str = ""
    reason: Reason = ""
    words: str = ""
    code: str = ""
    place: str = ""
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None


class PickupPoint(Part):
    """Where a parcel waits. `address` and `hours` are lines as the carrier writes them, `code` opens the locker or is shown."""

    name: str
    address: list[str] = []
    hours: list[str] = []
    code: str = ""
    until: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


class Content(Part):
    """So many of the order's line of that id are in the parcel."""

    line: str
    quantity: int


class TrackingSnapshot(Part):
    """All that one message says of one parcel. `scans` may come in any order, and doubled; None and empty texts say nothing.

    `said_at` is when the source made the message, where it says so: of two estimates the newer one is kept.
    """

    source: str
    tracking_number: str
    carrier: str = ""
    service: str = ""
    tracking_url: str = ""
    scans: list[ScanSnapshot] = []
    estimated_from: datetime | None = None
    estimated_to: datetime | None = None
    pickup: PickupPoint | None = None
    signed_by: str = ""
    said_at: datetime | None = None
