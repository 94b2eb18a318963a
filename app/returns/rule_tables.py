"""What each merchant's returns follow."""

from piccolo.columns import BigInt, ForeignKey, Text, Timestamptz
from piccolo.table import Table

from app import clock
from app.db import ENGINE
from app.merchants.tables import Merchant


class ReturnRules(Table, tablename="return_rules", db=ENGINE):
    """One version; append-only, the newest counts. `rules` is JSON (see `rules.Rules`); `by_whom` is a customer's id without a
    foreign key, nobody's at the shell."""

    merchant = ForeignKey(Merchant)
    rules = Text()
    at = Timestamptz(default=clock.now)
    by_whom = BigInt(null=True, default=None)
