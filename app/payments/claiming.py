"""Putting a gift card into one's account by its code, which is a secret: guessing is counted as at the door."""

from app import db
from app.accounts import throttle
from app.accounts.throttle import HOUR, Limit
from app.errors import Invalid, Missing
from app.i18n import _
from app.payments import balances

BY_NETWORK = Limit("gift_cards_network", 50, HOUR)
BY_CUSTOMER = Limit("gift_cards", 20, HOUR, free=4)
# By merchant and code there is an index; merchants are few.
MERCHANT = """
SELECT merchant FROM balances WHERE merchant IN (SELECT id FROM merchants) AND code_hash = {} AND code_hash <> ''
"""


async def claim(customer: int, code: str, network: str) -> int:
    """The card's id (balances.id). Raises Invalid(code=…) for what is no code, or another's; Refused (429) after too many."""
    if not balances.is_code(code):
        raise Invalid(code=_("A code has %(num)d letters and digits, such as K7MZ-…") % {"num": balances.LETTERS})
    tries = [await throttle.count(BY_NETWORK, network), await throttle.count(BY_CUSTOMER, str(customer))]
    try:
        found = await db.rows(MERCHANT, balances.hashed(code))
        if not found:
            raise Missing
        number = await balances.claim_card(customer, found[0]["merchant"], code)
    except Missing as error:
        raise Invalid(code=_("There is no such card, or it is in somebody’s account already.")) from error
    await throttle.take_back(tries)
    return number
