"""Mails that are to go out, and what is kept of them when they have."""

from piccolo.columns import Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.db import ENGINE


class Letter(Table, tablename="letters", db=ENGINE):
    """One mail. `code` stands in it, so that whoever got it can ask whether it is ours. What it says (`context`, JSON) and to
    whom is emptied when it has gone out: the kind and the time remain."""

    code = Varchar(16, unique=True)
    kind = Varchar(40)
    email = Varchar(320, default="")
    locale = Varchar(16, default="")
    zone = Varchar(64, default="")
    context = Text(default="{}")
    written_at = Timestamptz(default=clock.now)
    sent_at = Timestamptz(null=True, default=None, index=True)
    attempts = Integer(default=0)
    next_try_at = Timestamptz(null=True, default=None)
    last_error = Text(default="")
