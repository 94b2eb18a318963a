"""Where merchants want to hear of events, and what was sent there."""

from piccolo.columns import BigInt, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.db import ENGINE
from app.merchants.tables import Merchant


class WebhookEndpoint(Table, tablename="webhook_endpoints", db=ENGINE):
    """`about` are names of `kinds.GROUPS`, all when empty. The secret is kept sealed: it signs every message.

    `failing_since`: nothing has got through since. `disabled_by`: `owner`, `failing` (for a week) or `gone` (it said so).
    """

    merchant = ForeignKey(Merchant)
    url = Text()
    about = Varchar(60, default="")
    secret = Text()
    created_at = Timestamptz(default=clock.now)
    failing_since = Timestamptz(null=True, default=None)
    disabled_at = Timestamptz(null=True, default=None)
    disabled_by = Varchar(8, default="")


class WebhookDelivery(Table, tablename="webhook_deliveries", db=ENGINE):
    """One event on its way to one endpoint. `message_id` is the same over all attempts, also when it is sent again by hand.

    `state`: waiting, sent, failed (given up). `event` and `order` are ids: what they name may go before this does.
    """

    endpoint = ForeignKey(WebhookEndpoint, index=False)
    event = BigInt()
    kind = Varchar(40)
    order = BigInt(null=True, default=None)
    message_id = Varchar(40, unique=True)
    state = Varchar(8, default="waiting")
    attempts = Integer(default=0)
    next_try_at = Timestamptz(default=clock.now)
    last_status = Integer(default=0)
    last_error = Text(default="")
    created_at = Timestamptz(default=clock.now)
    sent_at = Timestamptz(null=True, default=None)
