"""Parcels and what was in them."""

from piccolo.columns import BigInt, Boolean, DoublePrecision, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.db import ENGINE
from app.orders.tables import Order, OrderLine


class Shipment(Table, tablename="shipments", db=ENGINE):
    """`state` is what the merchant did, `status` what the carrier says; the two never overwrite each other.

    Once there are scans (`scanned_at` is the newest one's time), they alone say `status`, `reason` and `delivered_at`, and the
    carrier's estimate goes before the merchant's. `destination` is the ISO 3166 country, with its region where that is known
    ("FR", "FR-69"). `pickup` is JSON (see `snapshot.PickupPoint`); `proof_photo` and `proof_signature` name private files.

    `overdue_at` is when we marked it, `overdue_why` `late` or `silent` (see `overdue.py`); news takes the mark away.
    `missing_at` is when its customer said that it never came, `missing_what` and `missing_note` what they said, `missing_told`
    who heard of it: seller, operator, or nobody (empty).
    `of_return`: a parcel that comes back, of the return with that id (without a foreign key: returns come later in the house's
    order). It has no `order`: nothing that asks for an order's parcels finds it.
    `heard` is JSON: which of these facts the carrier said, and when (see `facts.py`).
    """

    order = ForeignKey(Order)
    of_return = BigInt(null=True, default=None)
    position = Integer()
    external_id = Varchar(160)
    carrier = Text(default="")
    tracking_number = Text(default="", index=True)
    tracking_url = Text(default="")
    state = Varchar(12, default="dispatched")
    status = Varchar(20, default="unknown")
    shipped_at = Timestamptz(null=True, default=None)
    estimated_from = Timestamptz(null=True, default=None)
    estimated_to = Timestamptz(null=True, default=None)
    delivered_at = Timestamptz(null=True, default=None)
    service = Text(default="")
    destination = Varchar(8, default="")
    scanned_at = Timestamptz(null=True, default=None)
    reason = Varchar(40, default="")
    pickup = Text(default="null")
    signed_by = Text(default="")
    proof_photo = Varchar(100, default="")
    proof_signature = Varchar(100, default="")
    heard = Text(default="{}")
    overdue_at = Timestamptz(null=True, default=None)
    overdue_why = Varchar(8, default="")
    missing_at = Timestamptz(null=True, default=None)
    missing_what = Varchar(20, default="")
    missing_note = Text(default="")
    missing_told = Varchar(8, default="")


class ShipmentLine(Table, tablename="shipment_lines", db=ENGINE):
    shipment = ForeignKey(Shipment)
    line = ForeignKey(OrderLine, index=False)
    quantity = Integer()


class Scan(Table, tablename="scans", db=ENGINE):
    """One checkpoint of the carrier's, kept as it came. `external_id` is the carrier's own id or a digest of the content: of
    two that are equal, one is kept. `words` and `code` are the carrier's, verbatim; `status` and `reason` are ours.

    `zoned`: the time came with its zone; else it was read in the place's or the merchant's own.
    """

    shipment = ForeignKey(Shipment, index=False)
    external_id = Varchar(160)
    source = Varchar(20)
    at = Timestamptz()
    zoned = Boolean(default=True)
    status = Varchar(20, default="unknown")
    reason = Varchar(40, default="")
    words = Text(default="")
    code = Varchar(80, default="")
    place = Text(default="")
    country = Varchar(2, default="")
    latitude = DoublePrecision(null=True, default=None)
    longitude = DoublePrecision(null=True, default=None)
    recorded_at = Timestamptz(default=clock.now)


class CarrierWord(Table, tablename="carrier_words", db=ENGINE):
    """A word of a source's that no table of ours knows, and how often it came."""

    source = Varchar(20)
    word = Varchar(200)
    times = Integer(default=0)
    last_seen_at = Timestamptz(default=clock.now)
