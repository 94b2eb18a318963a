"""What a merchant's desk has made for its work on threads: saved replies, labels, and within what time it wants to answer."""

from piccolo.columns import BigInt, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.db import ENGINE
from app.inbox.tables import Thread
from app.merchants.tables import Merchant


class SavedReply(Table, tablename="saved_replies", db=ENGINE):
    """An answer in both languages of the counter, with names in braces for what differs (see `saved_replies`)."""

    merchant = ForeignKey(Merchant)
    title = Varchar(80)
    english = Text(default="")
    french = Text(default="")


class DeskLabel(Table, tablename="desk_labels", db=ENGINE):
    """`colour`: one of `labels.COLOURS`."""

    merchant = ForeignKey(Merchant)
    name = Varchar(40)
    colour = Varchar(8, default="plain")


class ThreadLabel(Table, tablename="thread_labels", db=ENGINE):
    thread = ForeignKey(Thread)
    label = ForeignKey(DeskLabel)


class DeskGoal(Table, tablename="desk_goals", db=ENGINE):
    """Within how many hours a merchant wants to answer; no row where nothing is said."""

    merchant = ForeignKey(Merchant, unique=True)
    hours = Integer()


class ThreadAbout(Table, tablename="thread_about", db=ENGINE):
    """What a thread is about beside what its own row says: of each that has become part of it."""

    thread = ForeignKey(Thread)
    order = BigInt(null=True, default=None, index=True)
    of_return = BigInt(null=True, default=None, index=True)


class MergedThread(Table, tablename="merged_threads", db=ENGINE):
    """Where the address of a thread that was one with another leads. No foreign key on the code: its thread is gone."""

    code = Varchar(12, unique=True)
    thread = ForeignKey(Thread)
    by = BigInt(null=True, default=None)
    at = Timestamptz(default=clock.now)
