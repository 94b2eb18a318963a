"""Store credit that a merchant gives to a customer of its own, with its reason."""

from collections.abc import Sequence

from msgspec import Struct

from app import db, typed
from app.accounts import customers, email_address
from app.errors import Invalid
from app.i18n import _
from app.money import LARGEST, currencies
from app.payments import balances
from app.payments.balances import Movement

LONGEST_REASON = 200
MOST = 50  # shown
USUAL = "SELECT currency FROM orders WHERE merchant = {} ORDER BY id DESC LIMIT 1"
NEWEST = """
SELECT b.kind, b.currency, b.last_four, b.amount, b.created_at, c.name, c.email
FROM balances b LEFT JOIN customers c ON c.id = b.customer WHERE b.merchant = {} ORDER BY b.id DESC LIMIT {}
"""
THEIRS = """
SELECT c.id FROM customers c WHERE c.email = {} AND EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id AND o.merchant = {})
"""


class Given(Struct, frozen=True, kw_only=True):
    """`amount` in minor units; with the same `key` it is given once."""

    email: str
    currency: str
    amount: int
    reason: str
    key: str


async def give(merchant: int, given: Given, *, by: str) -> int:
    """What the customer has there afterwards. Raises Invalid(email, currency, amount or reason)."""
    reason = " ".join(given.reason.split())
    _check(given, reason)
    async with db.transaction():
        found = await db.rows(THEIRS, email_address.normal(given.email), merchant)
        if not found:
            raise Invalid(email=_("No order of this shop belongs to this address."))
        customer: int = found[0]["id"]
        await customers.lock(customer)
        balance = await balances.store_credit(customer, merchant, given.currency)
        moved = Movement(amount=given.amount, reason="added", by=by, note=reason, key=f"given:{given.key}")
        return await balances.change(merchant, balance, moved)


def _check(given: Given, reason: str) -> None:
    wrong = {}
    if given.currency not in currencies():
        wrong["currency"] = _("There is no such currency.")
    if not 0 < given.amount <= LARGEST:
        wrong["amount"] = _("An amount above zero.")
    if not reason:
        wrong["reason"] = _("Say why: the customer reads it.")
    elif unfit := typed.wrong_words(reason, LONGEST_REASON):
        wrong["reason"] = unfit
    if wrong:
        raise Invalid(**wrong)


async def newest(merchant: int) -> Sequence[db.Row]:
    """Balances of its customers, and cards that nobody has put into an account yet."""
    return await db.rows(NEWEST, merchant, MOST)


async def usual_currency(merchant: int) -> str:
    """Of its newest order."""
    found = await db.one(USUAL, merchant)
    return found["currency"] if found else ""
