"""What was paid and what was given back, and what a customer has left to spend at a shop.

Append-only for refunds: a refund's state moves, its row stays. Amounts are minor units of their order's currency.
"""

from piccolo.columns import BigInt, ForeignKey, Integer, LazyTableReference, OnDelete, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.accounts.tables import Customer
from app.db import ENGINE
from app.merchants.tables import Merchant

ORDER = LazyTableReference("Order", module_path="app.orders.tables")


class Payment(Table, tablename="payments", db=ENGINE):
    """`amount` is null when the source names the means of payment but not the share it bore. A row that refunds go back to
    stays when the source names its payment no more; nothing is left of it then.
    """

    order: ForeignKey = ForeignKey(ORDER)
    position = Integer()
    kind = Varchar(20)
    brand = Text(default="")
    last_four = Varchar(4, default="")
    amount = BigInt(null=True, default=None)
    reference = Text(default="")


class Refund(Table, tablename="refunds", db=ENGINE):
    """One row per destination; `lines` is JSON, [{line, quantity}], where it is said for what.

    `origin`: `source`, told by where the order comes from; `counter`, decided here. Only the latter have the rest: `payment`
    it goes back to, or `balance` (balances.id) with the merchant's `bonus` on top, which was never paid and does not count;
    `code`, made once, by which the provider knows it; `again_of`, the failed one that this one is tried for;
    `for_order` (orders.id), that it is for when it was sent in exchange for what this one had paid.
    `expected_by` is when it should be there, `arrived_at` when the customer said that it is, `due_at` what the law sets.
    `by_whom` asked for it: “member:5”, “customer:7”, “api:3”, “system”. `at` is of its last step.
    """

    order: ForeignKey = ForeignKey(ORDER)
    position = Integer()
    external_id = Varchar(160)
    amount = BigInt()
    kind = Varchar(20)
    state = Varchar(12)
    reason = Text(default="")
    at = Timestamptz(null=True, default=None)
    lines = Text(default="[]")

    origin = Varchar(8, default="source")
    payment = ForeignKey(Payment, null=True, default=None, on_delete=OnDelete.no_action, index=True)
    balance = BigInt(null=True, default=None)
    bonus = BigInt(default=0)
    code = Varchar(40, default="")
    of_return = BigInt(null=True, default=None)
    for_order = BigInt(null=True, default=None)
    again_of = BigInt(null=True, default=None)
    provider = Varchar(16, default="")
    reference = Text(default="")
    requested_at = Timestamptz(null=True, default=None)
    approved_at = Timestamptz(null=True, default=None)
    sent_at = Timestamptz(null=True, default=None)
    settled_at = Timestamptz(null=True, default=None)
    arrived_at = Timestamptz(null=True, default=None)
    expected_by = Timestamptz(null=True, default=None)
    due_at = Timestamptz(null=True, default=None)
    attempts = Integer(default=0)
    next_try_at = Timestamptz(null=True, default=None)
    last_error = Text(default="")
    by_whom = Varchar(80, default="")
    note = Text(default="")


class Balance(Table, tablename="balances", db=ENGINE):
    """What somebody may still spend at a merchant: `kind` is store_credit (one a customer, merchant and currency) or gift_card,
    known by its code's hash; a card nobody has claimed has no customer. `amount` is the sum of its entries, never
    below zero."""

    customer = ForeignKey(Customer, null=True, default=None, index=True)
    merchant = ForeignKey(Merchant)
    currency = Varchar(3)
    kind = Varchar(12)
    code_hash = Varchar(64, default="")
    last_four = Varchar(4, default="")
    amount = BigInt(default=0)
    created_at = Timestamptz(default=clock.now)


class BalanceEntry(Table, tablename="balance_entries", db=ENGINE):
    """Append-only. `after` is the balance behind it; `reason`: refund, bonus, opened, added, spent, taken_back, corrected.
    `key` is what must not be entered twice; `refund` and `order` are ids."""

    balance = ForeignKey(Balance, index=True)
    amount = BigInt()
    after = BigInt()
    reason = Varchar(12)
    key = Varchar(80, default="")
    refund = BigInt(null=True, default=None)
    order = BigInt(null=True, default=None)
    by_whom = Varchar(80, default="")
    note = Text(default="")
    at = Timestamptz(default=clock.now)
