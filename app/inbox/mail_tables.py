"""What came in by mail: each mail that was taken, refused, or waits for somebody to say whose it is."""

from piccolo.columns import BigInt, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.db import ENGINE


class MailIn(Table, tablename="mails_in", db=ENGINE):
    """One mail to one side of one thread. `key`, of its Message-ID and where it went, makes that it lands once.

    `state`: landed, refused, waiting (nobody knows the sender), accepted, discarded. `reason` says why, in one word. `message`
    is what became of it. Without foreign keys: what is purged takes its mails along by `thread`. `sender`, `subject` and `text`
    are kept of what waits alone; `cut` is what was cut off a message: quotes, signatures. `untaken` names the files that
    were not taken, a line each. `proof` is what our own mail server says of its signature (DKIM): pass, other (by another
    domain than the sender's), fail, none, or nothing where no server is trusted to say so. `decided_by` is a member's id.
    """

    key = Varchar(64, unique=True)
    message_id = Text(default="")
    state = Varchar(12)
    reason = Varchar(24, default="")
    thread = BigInt(index=True)
    merchant = BigInt(index=True)
    side = Varchar(8)
    message = BigInt(null=True, default=None, index=True)
    sender = Text(default="")
    sender_name = Text(default="")
    subject = Text(default="")
    text = Text(default="")
    cut = Text(default="")
    untaken = Text(default="")
    proof = Varchar(8, default="")
    at = Timestamptz(default=clock.now)
    decided_at = Timestamptz(null=True, default=None)
    decided_by = BigInt(null=True, default=None)


class MailInFile(Table, tablename="mail_in_files", db=ENGINE):
    """A picture with a mail that waits; when it is accepted, the message has it."""

    mail = ForeignKey(MailIn)
    name = Varchar(100)
    title = Text(default="")
    media_type = Varchar(40)
    size = Integer()
