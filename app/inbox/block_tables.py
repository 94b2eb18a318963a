"""Who wants to hear no more of whom, and how their conversations stood before."""

from piccolo.columns import BigInt, Boolean, ForeignKey, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.accounts.tables import Customer
from app.db import ENGINE
from app.inbox.tables import Thread
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


class BlockedThread(Table, tablename="blocked_threads", db=ENGINE):
    """One that was put away because its customer blocks the seller: whether it was muted and archived before."""

    thread = ForeignKey(Thread, unique=True)
    muted = Boolean(default=False)
    archived = Boolean(default=False)
