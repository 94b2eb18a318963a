"""Browsers to which news is pushed."""

from piccolo.columns import ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.accounts.tables import Customer
from app.db import ENGINE


class PushSubscription(Table, tablename="push_subscriptions", db=ENGINE):
    """One browser's address at its push service, and the keys to write to it (RFC 8291; base64url).

    It is good only while the session is open in which it was made or last seen: `session` with `session_since`, because SQLite
    gives the number of a row that is gone to a new one. `dead_since`: the push service has said that there is nobody there any
    more; kept until its owner was told.
    """

    customer = ForeignKey(Customer)
    endpoint_hash = Varchar(64, unique=True)
    endpoint = Text()
    p256dh = Varchar(100)
    auth = Varchar(40)
    user_agent = Text(default="")
    name = Varchar(60, default="")
    session = Integer()
    session_since = Timestamptz(default=clock.now)
    created_at = Timestamptz(default=clock.now)
    seen_at = Timestamptz(default=clock.now)
    delivered_at = Timestamptz(null=True, default=None)
    dead_since = Timestamptz(null=True, default=None)
