"""What happened: append-only. The customer's timeline, and later notices and webhooks, are read from here."""

from piccolo.columns import BigInt, ForeignKey, Integer, Text, Timestamptz, Varchar
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


class EventFault(Table, tablename="event_faults", db=ENGINE):
    """An event that could not be told to anybody, and why. It is tried again; the others behind it do not wait for it."""

    event = BigInt(unique=True)
    attempts = Integer(default=0)
    next_try_at = Timestamptz(default=clock.now)
    last_error = Text(default="")
    given_up_at = Timestamptz(null=True, default=None)
