"""Threads between a customer and a merchant, and what the shop tells its customers; each message, and the files with it."""

from piccolo.columns import BigInt, Boolean, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.accounts.tables import Customer
from app.db import ENGINE
from app.merchants.tables import Merchant


class Thread(Table, tablename="threads", db=ENGINE):
    """The first block is what lists read, the second the record itself. One customer, one merchant.

    `code` is what its address and its mails say ("T-7K3F9QXM"). `kind`: order, return, question, account, policy, offer; the
    last three are notices, which the shop begins. `order` and `of_return` are what it is about, without foreign keys: a thread
    outlives them; `titles`, `pictures` (JSON) and `order_number` are of that. `last_…` are the newest message's, of what both
    sides see. `waiting_on`: buyer, seller, nobody; `due_at` is by when the seller is to have answered, `waiting_since` when the
    first message came that has none. `unread` is how many messages the customer has not seen, `seen` the newest that they
    have; `marked` says that they want it to be unread; `archived`, `muted` and `kept` (for good, whatever retention says) are
    theirs alone. `desk_seen` is the newest message that somebody at the desk has seen; `assigned` a member's id. `escalated_at`
    is when the customer has asked the shop itself to step in. `reason` is why they wrote about an order (`reasons`).
    """

    code = Varchar(12, unique=True)
    kind = Varchar(8)
    customer = ForeignKey(Customer, index=False)
    merchant = ForeignKey(Merchant, index=False)
    order = BigInt(null=True, default=None, index=True)
    of_return = BigInt(null=True, default=None)
    subject = Text(default="")
    titles = Text(default="")
    pictures = Text(default="[]")
    order_number = Text(default="")
    last_text = Text(default="")
    last_side = Varchar(8, default="")
    last_name = Text(default="")
    last_at = Timestamptz(default=clock.now)
    last_message = BigInt(default=0)
    unread = Integer(default=0)
    marked = Boolean(default=False)
    archived = Boolean(default=False)
    waiting_on = Varchar(8, default="nobody")
    due_at = Timestamptz(null=True, default=None)
    closed_at = Timestamptz(null=True, default=None)
    revision = BigInt(default=0)

    seen = BigInt(default=0)
    muted = Boolean(default=False)
    kept = Boolean(default=False)
    message_count = Integer(default=0)
    waiting_since = Timestamptz(null=True, default=None)
    first_reply_at = Timestamptz(null=True, default=None)
    escalated_at = Timestamptz(null=True, default=None)
    desk_seen = BigInt(default=0)
    assigned = BigInt(null=True, default=None)
    created_at = Timestamptz(default=clock.now)
    reason = Varchar(12, default="")


class Message(Table, tablename="messages", db=ENGINE):
    """One message, or a line of the system's. `side`: buyer, seller, shop, system, or note, which only a desk sees.

    `author` is the id of the person's account, without a foreign key, `name` what they were called then. `text` is what was
    written, whole. `via`: app, mail, api. `event` is the kind of event that a
    system line tells of, or “withdrawn_…” with the reason where somebody's words are withdrawn from sight.
    """

    thread = ForeignKey(Thread, index=False)
    side = Varchar(8)
    author = BigInt(null=True, default=None)
    name = Text(default="")
    text = Text(default="")
    via = Varchar(8, default="app")
    event = Varchar(40, default="")
    at = Timestamptz(default=clock.now)


class MessageFile(Table, tablename="message_files", db=ENGINE):
    """A picture or a PDF with a message; `name` is a private file, `title` what it was called."""

    message = ForeignKey(Message)
    name = Varchar(100)
    title = Text(default="")
    media_type = Varchar(40)
    size = Integer()
