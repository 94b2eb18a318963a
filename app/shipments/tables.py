"""Parcels and what was in them."""

from piccolo.columns import ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from app.db import ENGINE
from app.orders.tables import Order, OrderLine


class Shipment(Table, tablename="shipments", db=ENGINE):
    """`state` is what the merchant did, `status` what the carrier says; the two never overwrite each other."""

    order = ForeignKey(Order)
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


class ShipmentLine(Table, tablename="shipment_lines", db=ENGINE):
    shipment = ForeignKey(Shipment)
    line = ForeignKey(OrderLine, index=False)
    quantity = Integer()
