"""What was paid and what was given back. Append-only for refunds: a refund's state moves, its row stays."""

from piccolo.columns import BigInt, ForeignKey, Integer, LazyTableReference, Text, Timestamptz, Varchar
from piccolo.table import Table

from app.db import ENGINE

ORDER = LazyTableReference("Order", module_path="app.orders.tables")


class Payment(Table, tablename="payments", db=ENGINE):
    """`amount` is null when the source names the means of payment but not the share it bore."""

    order: ForeignKey = ForeignKey(ORDER)
    position = Integer()
    kind = Varchar(20)
    brand = Text(default="")
    last_four = Varchar(4, default="")
    amount = BigInt(null=True, default=None)
    reference = Text(default="")


class Refund(Table, tablename="refunds", db=ENGINE):
    """One row per destination; `lines` is JSON, [{line, quantity}], where the source says for what."""

    order: ForeignKey = ForeignKey(ORDER)
    position = Integer()
    external_id = Varchar(160)
    amount = BigInt()
    kind = Varchar(20)
    state = Varchar(12)
    reason = Text(default="")
    at = Timestamptz(null=True, default=None)
    lines = Text(default="[]")
