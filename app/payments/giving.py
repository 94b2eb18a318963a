"""Store credit that a merchant gives to a customer of its own, with its reason; and what it takes back of it."""

from collections.abc import Sequence

from msgspec import Struct

from app import db, typed
from app.accounts import customers, email_address
from app.errors import Invalid, Missing, Refused
from app.i18n import _, voice
from app.money import LARGEST
from app.payments import balances
from app.payments.balances import Movement
from app.tokens import new_token

LONGEST_REASON = 200
MOST = 50  # shown
LATELY = 500  # orders, in whose currencies a shop sells
SOLD_IN = """
SELECT currency, count(*) AS times FROM (
  SELECT currency FROM orders WHERE merchant = {} ORDER BY id DESC LIMIT {}
) AS lately GROUP BY currency ORDER BY times DESC, currency
"""
NEWEST = """
SELECT b.id, b.kind, b.currency, b.last_four, b.amount, b.created_at, c.name, c.email
FROM balances b LEFT JOIN customers c ON c.id = b.customer WHERE b.merchant = {} ORDER BY b.id DESC LIMIT {}
"""
ONE = """
SELECT b.id, b.kind, b.currency, b.last_four, b.amount, b.created_at, c.name, c.email
FROM balances b LEFT JOIN customers c ON c.id = b.customer WHERE b.merchant = {} AND b.id = {}
"""
THEIRS = """
SELECT c.id, c.name, c.email FROM customers c
WHERE c.email = {} AND EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id AND o.merchant = {})
"""


class Given(Struct, frozen=True, kw_only=True):
    """`amount` in minor units; with the same `key` it is given once."""

    email: str
    currency: str
    amount: int
    reason: str
    key: str


async def give(merchant: int, given: Given, *, by: str) -> int:
    """What the customer has there afterwards. Raises Invalid(email, currency, amount or reason), Refused as `balances.move`."""
    async with db.transaction():
        customer: int = (await checked(merchant, given))["id"]
        await customers.lock(customer)
        balance = await balances.store_credit(customer, merchant, given.currency)
        note = " ".join(given.reason.split())
        moved = Movement(amount=given.amount, reason="added", by=by, note=note, key=f"given:{given.key}")
        return await balances.change(merchant, balance, moved)


async def checked(merchant: int, given: Given) -> db.Row:
    """Whom it is for: `id, name, email`. Raises Invalid as `give`."""
    wrong = {}
    if given.currency not in await sold_in(merchant):
        wrong["currency"] = _("This shop sells nothing in this currency.")
    if not 0 < given.amount <= LARGEST:
        wrong["amount"] = _("An amount above zero.")
    if unfit := _unfit(given.reason):
        wrong["reason"] = unfit
    if wrong:
        raise Invalid(**wrong)
    found = await db.one(THEIRS, email_address.normal(given.email), merchant)
    if found is None:
        raise Invalid(email=_("No order of this shop belongs to this address."))
    return found


def whole_key(text: str) -> str:
    """Without one nobody could tell two forms apart. Raises Refused."""
    if len(text) < len(new_token()):
        raise Refused(_("This form is too old. Fill it in once more."))
    return typed.key(text)


def _unfit(reason: str) -> str:
    if not reason.strip():
        return _("Say why: the customer reads it.")
    return typed.wrong_words(" ".join(reason.split()), LONGEST_REASON)


async def take_back(merchant: int, balance: int, amount: int, *, reason: str, key: str, by: str) -> int:
    """What is left of it, of what nobody has spent; of a card that is in nobody's account, too. Raises Missing,
    Invalid(amount, reason), Refused as `balances.move`."""
    async with db.transaction():
        row = await one(merchant, balance)
        if unfit := _unfit(reason):
            raise Invalid(reason=unfit)
        moved = Movement(amount=-amount, reason="taken_back", by=by, note=" ".join(reason.split()), key=f"taken:{key}")
        if await balances.entered(balance, moved) is None and not 0 < amount <= row["amount"]:
            said = {"amount": voice().money(row["amount"], row["currency"])}
            raise Invalid(amount=_("At most %(amount)s are left on it.") % said)
        return await balances.change(merchant, balance, moved)


async def newest(merchant: int) -> Sequence[db.Row]:
    """Balances of its customers, and cards that nobody has put into an account yet."""
    return await db.rows(NEWEST, merchant, MOST)


async def one(merchant: int, balance: int) -> db.Row:
    """As of `newest`. Raises Missing for another merchant's."""
    found = await db.one(ONE, merchant, balance)
    if found is None:
        raise Missing
    return found


async def sold_in(merchant: int) -> list[str]:
    """Currencies of its newest orders, the usual one first."""
    return [row["currency"] for row in await db.rows(SOLD_IN, merchant, LATELY)]
