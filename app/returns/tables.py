"""What customers send back, claim or take back, and what became of it.

One table for all of it: to a customer it is one list, to a desk one queue. `kind`
says which of the ways in `states.py` it goes.
"""

from piccolo.columns import BigInt, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.accounts.tables import Customer
from app.db import ENGINE
from app.merchants.tables import Merchant


class Return(Table, tablename="returns", db=ENGINE):
    """The first block is what lists and the queue read, the second the record itself.

    `code` is what people say and labels carry ("R-7K3F9QXM"). `order` is the first of the orders concerned, without a foreign
    key; a declaration that names none we know has none. Amounts are minor units of `currency`: `expected` is what was
    promised when it was sent, `refunded` what has been asked of the ledger since; each with the bonus of what is credit.
    `waiting_on`: buyer, seller, carrier, nobody; `due_at` is by when. `refund_by` is the day until which the law gives the
    merchant. `came_at` is when its parcel was handed over to the merchant, as the carrier says; `received_at` when it was
    counted. `rules` is the newest version of the merchant's rules (`return_rules.id`) when it was asked for, `grounds` (JSON)
    what it rests on. `address` (JSON) is where the goods go. `receipt` names the signed paper of a withdrawal, a private file.
    `external_id`: the source's own, unique for its merchant where there is one; `source_step`: the newest that the source has
    told of it, `source_at`: when it was last closed or opened there; `source_lines` (JSON): its own name of each thing that
    comes back → the order line's id, how many.
    """

    code = Varchar(12, unique=True)
    kind = Varchar(12)
    state = Varchar(14)
    customer = ForeignKey(Customer, null=True, default=None, index=False)
    merchant = ForeignKey(Merchant, index=False)
    order = BigInt(null=True, default=None, index=True)
    currency = Varchar(3, default="")
    expected = BigInt(default=0)
    refunded = BigInt(default=0)
    item_count = Integer(default=0)
    titles = Text(default="")
    pictures = Text(default="[]")
    order_numbers = Text(default="")
    waiting_on = Varchar(8, default="seller")
    due_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=clock.now)
    changed_at = Timestamptz(default=clock.now)
    revision = BigInt(default=0)

    way = Varchar(12, default="")
    send_by = Timestamptz(null=True, default=None)
    refund_by = Timestamptz(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    decided_by = Text(default="")
    clause = Varchar(40, default="")
    answer = Text(default="")
    sent_at = Timestamptz(null=True, default=None)
    came_at = Timestamptz(null=True, default=None)
    received_at = Timestamptz(null=True, default=None)
    settled_at = Timestamptz(null=True, default=None)
    closed_at = Timestamptz(null=True, default=None)
    objected_at = Timestamptz(null=True, default=None)
    receipt = Varchar(100, default="")
    name = Text(default="")
    email = Varchar(320, default="")
    locale = Varchar(16, default="")
    contract = Text(default="")
    note = Text(default="")
    grounds = Text(default="{}")
    rules = BigInt(null=True, default=None)
    address = Text(default="null")
    exchange = BigInt(null=True, default=None)
    link_hash = Varchar(64, default="", index=True)
    external_id = Varchar(160, default="")
    source_at = Timestamptz(null=True, default=None)
    source_step = Varchar(12, default="")
    source_lines = Text(default="{}")
    search_text = Text(default="")


class ReturnLine(Table, tablename="return_lines", db=ENGINE):
    """One line of an order, or some of it. Title, picture and price are kept as they were bought; `line` is the id of the
    `OrderLine`, without a foreign key: a source may take a line away that somebody sends back.

    `held` is how many of the line nobody else can ask for (see `holding.py`). `expected` is what is promised for it,
    `deduction` what the merchant keeps, and why. What came is counted apart: sound, damaged, wrong_item, missing.
    """

    of_return = ForeignKey(Return)
    position = Integer()
    order = BigInt()
    line = BigInt(index=True)
    title = Text()
    variant = Text(default="")
    sku = Text(default="")
    picture = Text(default="")
    quantity = Integer()
    held = Integer(default=0)
    expected = BigInt(default=0)
    reason = Varchar(24, default="")
    wish = Varchar(14, default="refund")
    wanted = Text(default="")
    note = Text(default="")
    sound = Integer(default=0)
    damaged = Integer(default=0)
    wrong_item = Integer(default=0)
    missing = Integer(default=0)
    deduction = BigInt(default=0)
    deduction_reason = Text(default="")


class ReturnLabel(Table, tablename="return_labels", db=ENGINE):
    """A label that is bought from a carrier, one a return: `state` is wanted, bought or failed (then the label is our own, and
    `error` says why); unused once nobody will send anything with it, then voided, or spent where that cannot be. `shipment` is
    the seller's id of it, `amount` in minor units what it cost, `file` a private PDF."""

    of_return = ForeignKey(Return, index=False)
    state = Varchar(8, default="wanted")
    shipment = Varchar(80, default="")
    service = Text(default="")
    amount = BigInt(default=0)
    currency = Varchar(3, default="")
    file = Varchar(100, default="")
    error = Text(default="")
    attempts = Integer(default=0)
    next_at = Timestamptz(default=clock.now)
    bought_at = Timestamptz(null=True, default=None)


class ReturnFile(Table, tablename="return_files", db=ENGINE):
    """A photo of the customer's or the desk's; `name` is a private file, `title` what it was called."""

    of_return = ForeignKey(Return)
    line = BigInt(null=True, default=None)
    name = Varchar(100)
    title = Text(default="")
    media_type = Varchar(40)
    size = Integer()
    by_whom = Varchar(40, default="")
    at = Timestamptz(default=clock.now)
