"""What people were told, and each way on which it was to reach them."""

from piccolo.columns import BigInt, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.accounts.tables import Customer
from app.db import ENGINE


class Notification(Table, tablename="notifications", db=ENGINE):
    """One piece of news for one customer, made of one event (`event` is its id: events outlive what they tell of).

    Its words are made when it is read (see `wording.py`): `kind` is the event's, `data` what of it the words need (JSON).
    `at` is when it happened. `url` is the page it opens, an address of ours without host.
    """

    customer = ForeignKey(Customer)
    event = BigInt()
    topic = Varchar(20)
    kind = Varchar(40)
    order = BigInt(null=True, default=None)
    url = Text(default="/")
    data = Text(default="{}")
    at = Timestamptz(default=clock.now)
    created_at = Timestamptz(default=clock.now)
    read_at = Timestamptz(null=True, default=None)


class Delivery(Table, tablename="deliveries", db=ENGINE):
    """A notification on its way over one channel to one target (a push subscription's id; empty: the customer's address).

    `state`: waiting, sent, failed (given up), dropped (by the operator, or no longer wanted). `message_id` stays the same over
    all attempts: whoever gets it twice can tell.
    """

    notification = ForeignKey(Notification)
    channel = Varchar(8)
    target = Varchar(40, default="")
    message_id = Varchar(40, unique=True)
    state = Varchar(8, default="waiting")
    attempts = Integer(default=0)
    next_try_at = Timestamptz(default=clock.now)
    last_error = Text(default="")
    created_at = Timestamptz(default=clock.now)
    sent_at = Timestamptz(null=True, default=None)
