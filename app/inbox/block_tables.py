"""Who wants to hear no more of whom."""

from piccolo.columns import BigInt, ForeignKey, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.accounts.tables import Customer
from app.db import ENGINE
from app.merchants.tables import Merchant


class ThreadBlock(Table, tablename="thread_blocks", db=ENGINE):
    """Between one customer and one merchant. `side` is whose wish it is: of a buyer, nothing that comes of the seller is told;
    of a seller, the buyer's messages are not taken, for that `reason`. `author` is the account of who has done it."""

    customer = ForeignKey(Customer, index=False)
    merchant = ForeignKey(Merchant)
    side = Varchar(8)
    reason = Text(default="")
    author = BigInt(null=True, default=None)
    at = Timestamptz(default=clock.now)
