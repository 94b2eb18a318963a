"""What a merchant proposes to send in exchange where it is dearer than what came back."""

from piccolo.columns import BigInt, ForeignKey, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.db import ENGINE
from app.merchants.tables import Merchant
from app.returns.tables import Return


class ExchangeProposal(Table, tablename="exchange_proposals", db=ENGINE):
    """At most one of a return is `open`; else `state` is how it ended: agreed, sent (agreed, and its parcel has gone out),
    refused, lapsed (no answer), taken_back, replaced (by another one), over (settled otherwise, or what came back has changed).

    `items` (JSON) is what would be sent (see `exchanging.Item`), `difference` what is to be paid, in minor units of `currency`;
    `how_paid` the merchant's words for it. `by_whom`: who proposed it, see `moving.move`.
    """

    of_return = ForeignKey(Return, index=True)
    merchant = ForeignKey(Merchant, index=True)
    state = Varchar(10, default="open", index=True)
    items = Text()
    difference = BigInt()
    currency = Varchar(3)
    how_paid = Text()
    answer_by = Timestamptz()
    by_whom = Varchar(40)
    at = Timestamptz(default=clock.now)
    answered_at = Timestamptz(null=True, default=None)
