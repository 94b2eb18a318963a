"""What people were told, each way on which it was to reach them, and what they want to be told at all."""

from piccolo.columns import BigInt, Boolean, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.accounts.tables import Customer
from app.db import ENGINE


class Notification(Table, tablename="notifications", db=ENGINE):
    """One piece of news for one customer, made of one event (`event` is its id: events outlive what they tell of).

    Its words are made when it is read (see `wording.py`): `kind` is the event's, `data` what of it the words need (JSON).
    `at` is when it happened. `url` is the page it opens, an address of ours without host. `shown`: in the app; what reaches
    them only on other ways counts as read.
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
    shown = Boolean(default=True)


class Delivery(Table, tablename="deliveries", db=ENGINE):
    """A notification on its way over one channel to one target (a push subscription's id; empty: the customer's address).

    `state`: waiting, sent, failed (given up), dropped (by the operator, or no longer wanted). `message_id` stays the same over
    all attempts: whoever gets it twice can tell. `instead`: of another way that failed; it goes whatever was chosen.
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
    instead = Boolean(default=False)


class Preference(Table, tablename="preferences", db=ENGINE):
    """What somebody has chosen otherwise than we would for them (see `preferences.DEFAULTS`)."""

    customer = ForeignKey(Customer, index=False)
    topic = Varchar(20)
    channel = Varchar(8)
    wanted = Boolean()


class NoticeSetting(Table, tablename="notice_settings", db=ENGINE):
    """How somebody wants to be disturbed; nobody has a row before they say so. `quiet_from` and `quiet_until` are “22:00” by
    their own clock, empty without quiet hours. `one_interruption`: of a parcel, only what needs them or is there now."""

    customer = ForeignKey(Customer, unique=True)
    quiet_from = Varchar(5, default="")
    quiet_until = Varchar(5, default="")
    one_interruption = Boolean(default=True)


class MailBounce(Table, tablename="mail_bounces", db=ENGINE):
    """A mailbox that has refused us for good, of whoever had that address then; `said` in its server's words. Nothing more is
    sent there, see `bounces.py`."""

    customer = ForeignKey(Customer, unique=True)
    email = Varchar(320)
    said = Text(default="")
    since = Timestamptz(default=clock.now)
