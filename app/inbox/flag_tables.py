"""That somebody has reported a message, and what came of it."""

from piccolo.columns import BigInt, ForeignKey, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.db import ENGINE
from app.inbox.tables import Message


class MessageReport(Table, tablename="message_reports", db=ENGINE):
    """One each by whoever reports it: `author` is their account, `side` buyer or seller, `why` one of `flagging.reasons`.
    `settled_at`: somebody has decided since."""

    message = ForeignKey(Message, index=False)
    author = BigInt(index=True)
    side = Varchar(8)
    why = Varchar(16)
    text = Text(default="")
    at = Timestamptz(default=clock.now)
    settled_at = Timestamptz(null=True, default=None)


class MessageVerdict(Table, tablename="message_verdicts", db=ENGINE):
    """What was decided last of a message: `did` is one of `judging.VERDICTS`, `why` the reason, `text` is said to who wrote it.
    `words` are those of the message while it is withdrawn from sight; `by` is the member who has decided."""

    message = ForeignKey(Message, unique=True)
    did = Varchar(8)
    why = Varchar(16, default="")
    text = Text(default="")
    words = Text(default="")
    by = BigInt(null=True, default=None)
    at = Timestamptz(default=clock.now)
