"""Store credit and gift cards in words, per merchant, with every movement."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from app import db
from app.i18n import Voice
from app.merchants import members
from app.payments.names import named

MOST_ENTRIES = 100  # of one balance, the newest
BALANCES = """
SELECT b.id, b.kind, b.currency, b.last_four, b.amount, m.id AS merchant, m.name, m.slug
FROM balances b JOIN merchants m ON m.id = b.merchant
WHERE b.customer = {} ORDER BY m.name, m.id, b.kind DESC, b.id
"""
ENTRIES = """
SELECT e.amount, e.after, e.reason, e.note, e.at, o.number, o.address, e.by_whom
FROM balance_entries e LEFT JOIN orders o ON o.id = e."order"
WHERE e.balance = {} ORDER BY e.id DESC LIMIT {}
"""


class EntryCard(Struct, frozen=True):
    """`order` is the number and `url` the page of the order that it comes from, empty where there is none."""

    text: str
    when: str
    amount: str
    after: str
    order: str
    url: str
    note: str


class BalanceCard(Struct, frozen=True):
    number: int
    name: str
    amount: str
    empty: bool
    entries: list[EntryCard]


class OfMerchant(Struct, frozen=True):
    merchant: int
    name: str
    slug: str
    balances: list[BalanceCard]


async def of_customer(customer: int, voice: Voice, merchant: int | None = None) -> list[OfMerchant]:
    """By the merchants' names; `merchant`: of that one alone, for its desk."""
    found: dict[int, OfMerchant] = {}
    for row in await db.rows(BALANCES, customer):
        if merchant is None or row["merchant"] == merchant:
            one = found.setdefault(row["merchant"], OfMerchant(row["merchant"], row["name"], row["slug"], []))
            one.balances.append(_card(row, await db.rows(ENTRIES, row["id"], MOST_ENTRIES), voice))
    return list(found.values())


async def at_desk(balance: int, currency: str, voice: Voice) -> list[tuple[EntryCard, str]]:
    """Each movement of one, the newest first, and which of the desk's people made it."""
    rows = await db.rows(ENTRIES, balance, MOST_ENTRIES)
    names = await members.names_of([row["by_whom"] for row in rows])
    return [(_entry(row, currency, voice), names.get(row["by_whom"], "")) for row in rows]


def _card(row: Any, entries: Sequence[db.Row], voice: Voice) -> BalanceCard:
    return BalanceCard(
        row["id"], named(row["kind"], "", row["last_four"], voice), voice.money(row["amount"], row["currency"]),
        row["amount"] == 0, [_entry(entry, row["currency"], voice) for entry in entries],
    )  # fmt: skip


def _entry(row: Any, currency: str, voice: Voice) -> EntryCard:
    sign = "+" if row["amount"] > 0 else ""
    return EntryCard(
        _reason(row["reason"], voice), voice.moment(row["at"]), f"{sign}{voice.money(row['amount'], currency)}",
        voice.money(row["after"], currency), row["number"] or "", f"/orders/{row['address']}" if row["address"] else "",
        row["note"],
    )  # fmt: skip


def _reason(reason: str, voice: Voice) -> str:
    _ = voice.gettext
    match reason:
        case "refund":
            return _("Refund")
        case "bonus":
            return _("Bonus from the seller")
        case "opened":
            return _("Card issued")
        case "spent":
            return _("Spent")
        case "taken_back":
            return _("Taken back")
        case "corrected":
            return _("Put right")
    return _("Added")
