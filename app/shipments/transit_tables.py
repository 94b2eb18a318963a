"""How long parcels of a shop usually take, and links that hand one parcel to somebody else."""

from piccolo.columns import ForeignKey, Integer, SmallInt, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.accounts.tables import Customer
from app.db import ENGINE
from app.merchants.tables import Merchant
from app.shipments.tables import Shipment


class TransitTime(Table, tablename="transit_times", db=ENGINE):
    """Of `parcels` that a merchant had delivered: `median` and `late` (nine of ten came by then) in working days.

    `carrier` is folded, `destination` as of `Shipment`; empty ones stand for all. `quiet` is how many hours a parcel of them
    may be without a scan, 0 where too few were scanned.
    """

    merchant = ForeignKey(Merchant, index=False)
    carrier = Varchar(80, default="")
    destination = Varchar(8, default="")
    parcels = Integer()
    median = SmallInt()
    late = SmallInt()
    quiet = Integer(default=0)
    computed_at = Timestamptz(default=clock.now)


class ParcelLink(Table, tablename="parcel_links", db=ENGINE):
    """Shows one parcel, and nothing else, to whoever has the token, of which only the hash is kept. `label` is for whom;
    `show_code` says that the code of the pick-up point is shown too."""

    shipment = ForeignKey(Shipment)
    customer = ForeignKey(Customer, index=False)
    token_hash = Varchar(64, unique=True)
    label = Text(default="")
    show_code = SmallInt(default=0)
    created_at = Timestamptz(default=clock.now)
    expires_at = Timestamptz()
    revoked_at = Timestamptz(null=True, default=None)
