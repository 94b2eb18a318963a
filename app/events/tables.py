"""What happened: append-only. The customer's timeline, and later notices and webhooks, are read from here."""

from piccolo.columns import BigInt, ForeignKey, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.accounts.tables import Customer
from app.db import ENGINE


class Event(Table, tablename="events", db=ENGINE):
    """`kind` is past tense, noun first (`order_placed`). `at` is when it happened, `recorded_at` when we heard of it.

    `order` and `merchant` are ids without a foreign key: events outlive what they tell of. `data` is JSON.
    """

    kind = Varchar(40)
    customer = ForeignKey(Customer, null=True, default=None)
    merchant = BigInt(null=True, default=None)
    order = BigInt(null=True, default=None, index=True)
    at = Timestamptz(default=clock.now)
    recorded_at = Timestamptz(default=clock.now)
    noticed_at = Timestamptz(null=True, default=None)
    data = Text(default="{}")
