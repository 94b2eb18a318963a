"""Store credit and gift cards: what somebody may spend at a merchant, with every movement.

A movement and the new amount are one statement and its entry, in the caller's transaction; nothing goes below zero, whoever
comes at once. With a `key` a movement happens once. `by` is as in `Refund.by_whom`.
"""

import secrets
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from app import clock, db
from app.accounts import customers
from app.errors import Invalid, Missing, Refused
from app.events import actions as events
from app.i18n import _, voice
from app.money import LARGEST, currencies
from app.tokens import hash_secret, hash_token

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that could be read as something else
LETTERS = 16  # of a gift card's code: 80 bits
MOVE = "UPDATE balances SET amount = amount + {} WHERE id = {} AND amount + {} BETWEEN 0 AND {} RETURNING amount"
OPEN = """
INSERT INTO balances (customer, merchant, currency, kind, code_hash, last_four, amount, created_at)
VALUES ({}, {}, {}, 'store_credit', '', '', 0, {}) ON CONFLICT DO NOTHING
"""
FIND = "SELECT id FROM balances WHERE customer = {} AND merchant = {} AND currency = {} AND kind = 'store_credit'"
MADE = """
SELECT b.id, b.currency, e.amount FROM balances b JOIN balance_entries e ON e.balance = b.id AND e.reason = 'opened'
WHERE b.merchant = {} AND b.code_hash = {}
"""
ENTERED = """
SELECT e.amount, e."after", b.currency FROM balance_entries e JOIN balances b ON b.id = e.balance
WHERE e.balance = {} AND e.key = {}
"""
COLUMNS = "id, customer, merchant, currency, kind, last_four, amount"
OWNED = f"SELECT {COLUMNS} FROM balances WHERE customer = {{}} AND merchant = {{}} ORDER BY kind DESC, id"  # noqa: S608


class Movement(Struct, frozen=True, kw_only=True):
    """`reason` as in `BalanceEntry`; of `order` and `refund` (ids) where it comes from one."""

    amount: int
    reason: str
    by: str
    key: str = ""
    order: int | None = None
    refund: int | None = None
    note: str = ""


async def move(balance: int, movement: Movement) -> int:
    """What is there afterwards. Said again with the same key, nothing happens. Raises Refused when it is not enough, or when it
    was another amount with that key."""
    async with db.transaction():
        if (known := await entered(balance, movement)) is not None:
            return known
        amount = movement.amount
        moved = await db.execute(MOVE, amount, balance, amount, LARGEST)
        if not moved:
            raise Refused(_("There is not enough left on it."))
        if (known := await entered(balance, movement)) is not None:
            # Somebody else was quicker, and the row was theirs until now: what was just moved is moved back.
            await db.execute(MOVE, -amount, balance, -amount, LARGEST)
            return known
        after: int = moved[0]["amount"]
        await db.insert("balance_entries", [{
            "balance": balance, "amount": amount, "after": after, "reason": movement.reason, "key": movement.key,
            "refund": movement.refund, "order": movement.order, "by_whom": movement.by, "note": movement.note,
            "at": clock.now(),
        }])  # fmt: skip
        return after


async def entered(balance: int, movement: Movement) -> int | None:
    """What was there after it, where it has happened. Raises Refused where it was another amount: nobody is told that they
    have what they have not."""
    found = await db.one(ENTERED, balance, movement.key) if movement.key else None
    if found is None:
        return None
    if found["amount"] != movement.amount:
        raise _said_before(found)
    return int(found["after"])


def _said_before(found: db.Row) -> Refused:
    before = voice().money(abs(found["amount"]), found["currency"])
    return Refused(_("This form was sent before, with %(amount)s. That stands; begin anew for more.") % {"amount": before})


async def store_credit(customer: int, merchant: int, currency: str) -> int:
    """The id of theirs in that currency, opened when there is none."""
    await db.execute(OPEN, customer, merchant, currency, clock.now())
    (found,) = await db.rows(FIND, customer, merchant, currency)
    number: int = found["id"]
    return number


async def of(customer: int, merchant: int) -> Sequence[db.Row]:
    """Store credit first, then gift cards: `id, customer, merchant, currency, kind, last_four, amount`."""
    return await db.rows(OWNED, customer, merchant)


async def add_card(
    merchant: int, currency: str, amount: int, *, by: str, customer: int | None = None, key: str = ""
) -> tuple[int, str]:
    """A new gift card: its id, and its code, which is shown now and never again; with the same `key` (256 bits of chance) it is
    the same card. Raises Invalid(amount=… or currency=…), Refused where that is worth something else."""
    if currency not in currencies():
        raise Invalid(currency=_("There is no such currency."))
    if not 0 < amount <= LARGEST:
        raise Invalid(amount=_("A card needs an amount above zero."))
    code = _code(f"{merchant} {key}") if key else "".join(secrets.choice(ALPHABET) for _n in range(LETTERS))
    async with db.transaction():
        await db.take_turn(f"gift card {code}")
        if key and (known := await db.one(MADE, merchant, hash_token(code))):
            if (known["amount"], known["currency"]) != (amount, currency):
                raise _said_before(known)
            return known["id"], _spaced(code)
        row = {
            "customer": customer, "merchant": merchant, "currency": currency, "kind": "gift_card", "amount": 0,
            "code_hash": hash_token(code), "last_four": code[-4:], "created_at": clock.now(),
        }  # fmt: skip
        (made,) = await db.insert("balances", [row], "id")
        await move(made["id"], Movement(amount=amount, reason="opened", by=by))
        await _tell("gift_card_added", made["id"], customer, merchant, amount=amount, currency=currency, by=by)
    return made["id"], _spaced(code)


def _code(key: str) -> str:
    """Nobody can tell it from the key without the counter's own."""
    digits = bytes.fromhex(hash_secret(key, "gift card"))[:LETTERS]
    return "".join(ALPHABET[digit % len(ALPHABET)] for digit in digits)  # 256 is eight times 32: each letter as often


def _spaced(code: str) -> str:
    return "-".join(code[n : n + 4] for n in range(0, LETTERS, 4))


def is_code(text: str) -> bool:
    return len(found := _plain(text)) == LETTERS and set(found) <= set(ALPHABET)


def hashed(code: str) -> str:
    """As it is kept: spaces, hyphens and small letters make no other code."""
    return hash_token(_plain(code))


def _plain(code: str) -> str:
    return "".join(code.split()).replace("-", "").upper()


async def claim_card(customer: int, merchant: int, code: str) -> int:
    """Puts a card into somebody's account; said twice, it is done once. Raises Missing for what is no code, or another's."""
    async with db.transaction():
        await customers.lock(customer)
        claimed = await db.execute(
            "UPDATE balances SET customer = {} WHERE merchant = {} AND code_hash = {} AND (customer IS NULL OR customer = {}) "
            "RETURNING id",
            customer, merchant, hashed(code), customer,
        )  # fmt: skip
        if not claimed:
            raise Missing
        await _tell("gift_card_claimed", claimed[0]["id"], customer, merchant, by=f"customer:{customer}")
    number: int = claimed[0]["id"]
    return number


async def change(merchant: int, balance: int, movement: Movement) -> int:
    """At the desk or by a program: spent, added, corrected. What is there afterwards. Raises Missing, Refused."""
    async with db.transaction():
        found = await _locked(merchant, balance)
        if (known := await entered(balance, movement)) is not None:
            return known
        after = await move(balance, movement)
        about = {"amount": movement.amount, "currency": found["currency"], "reason": movement.reason, "by": movement.by}
        await _tell(f"{found['kind']}_changed", balance, found["customer"], merchant, after=after, **about)
    return after


async def _locked(merchant: int, balance: int) -> db.Row:
    """Its customer's row before its own, as everywhere; a card that is claimed meanwhile is another's to wait for."""
    found = await db.one(f"SELECT {COLUMNS} FROM balances WHERE id = {{}} AND merchant = {{}}", balance, merchant)  # noqa: S608
    if found is None:
        raise Missing
    if found["customer"] is not None:
        await customers.lock(found["customer"])
    else:
        await db.rows(f"SELECT id FROM balances WHERE id = {{}}{db.FOR_UPDATE}", balance)  # noqa: S608
    return found


async def _tell(kind: str, balance: int, customer: int | None, merchant: int, **about: Any) -> None:
    await events.record(kind, customer=customer, merchant=merchant, balance=balance, **about)
    if customer is not None:
        await customers.raise_revision(customer)
