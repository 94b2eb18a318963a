"""Who of a desk has which conversation open just now: a sign of life each, gone after a while."""

from piccolo.columns import ForeignKey, Timestamptz
from piccolo.table import Table

from app import clock
from app.db import ENGINE
from app.inbox.tables import Thread
from app.merchants.tables import Member


class DeskSign(Table, tablename="desk_signs", db=ENGINE):
    """The newest of one member in one thread. `writing_at`: when they were last writing an answer."""

    thread = ForeignKey(Thread, index=False)
    member = ForeignKey(Member)
    seen_at = Timestamptz(default=clock.now)
    writing_at = Timestamptz(null=True, default=None)
