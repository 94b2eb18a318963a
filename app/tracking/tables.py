"""Who may bring news of a merchant's parcels, what they brought, and when carriers are asked again."""

from piccolo.columns import ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.db import ENGINE
from app.merchants.tables import Merchant
from app.shipments.tables import Shipment


class TrackingSource(Table, tablename="tracking_sources", db=ENGINE):
    """A sender of webhooks, one of each kind a merchant. `used_at` is up to an hour old.

    `unmatched` counts genuine messages about parcels that no order here has; `unmatched_number` is the last one's.
    """

    merchant = ForeignKey(Merchant, index=False)
    source = Varchar(20)
    sealed_secret = Text()
    created_at = Timestamptz(default=clock.now)
    used_at = Timestamptz(null=True, default=None)
    unmatched = Integer(default=0)
    unmatched_number = Varchar(200, default="")


class TrackingMessage(Table, tablename="tracking_messages", db=ENGINE):
    """A message that had its effect, so that it has it once. `external_id` is covered by its signature (see `received.py`)."""

    source = ForeignKey(TrackingSource, index=False)
    external_id = Varchar(160)
    result = Varchar(20)
    received_at = Timestamptz(default=clock.now)


class TrackingPoll(Table, tablename="tracking_polls", db=ENGINE):
    """When a carrier is asked about a parcel again."""

    shipment = ForeignKey(Shipment, index=False)
    next_at = Timestamptz(default=clock.now)


class CarrierAccount(Table, tablename="carrier_accounts", db=ENGINE):
    """How it goes with a carrier that is asked. `name` is its section's in the file of carriers; while `failures` in a row are
    not 0 it is left alone until `next_at`, and `error` says why."""

    name = Varchar(80)
    asked_at = Timestamptz(null=True, default=None)
    failures = Integer(default=0)
    error = Text(default="")
    next_at = Timestamptz(default=clock.now)
