"""What a merchant tells many of its customers at once, and who of them has it already."""

from piccolo.columns import BigInt, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.db import ENGINE
from app.merchants.tables import Merchant


class Notice(Table, tablename="notices", db=ENGINE):
    """`kind` as of the threads that come of it: account (an official notice), policy (a change of terms), offer.

    `words` (JSON) are subject and text by locale, `segment` (JSON) is for whom, see `segments`. `state`: draft, scheduled,
    sending, sent, stopped. `revision` rises with each change of it: what is confirmed is what was looked at. `author` is the
    account of who wrote it, `author_name` what they were called. `people` is how many it was for when it began, `told` how many
    have it, `left_out` who of them wanted none of it by then.
    """

    merchant = ForeignKey(Merchant, index=False)
    kind = Varchar(8)
    words = Text(default="{}")
    segment = Text(default="{}")
    state = Varchar(9, default="draft")
    revision = Integer(default=1)
    author = BigInt(null=True, default=None)
    author_name = Text(default="")
    scheduled_at = Timestamptz(null=True, default=None)
    started_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    people = Integer(default=0)
    told = Integer(default=0)
    left_out = Integer(default=0)
    created_at = Timestamptz(default=clock.now)


class NoticePerson(Table, tablename="notice_people", db=ENGINE):
    """Somebody whom a notice is for, once; `customer` is their id, without a foreign key: writing down thousands would lock
    their rows, in no order, against who changes them. `state`: waiting, told, left_out."""

    notice = ForeignKey(Notice, index=False)
    customer = BigInt()
    state = Varchar(8, default="waiting")
    at = Timestamptz(null=True, default=None)
