"""What stands beside a thread at the desk: its customer's orders and returns with this merchant, and who could take it on."""

from collections.abc import Sequence

from msgspec import Struct

from app import db, reading
from app.i18n import Voice
from app.inbox.kept import KeptThread
from app.orders import cards as order_cards
from app.orders import lists as order_lists
from app.orders.cards import OrderCard
from app.orders.lists import Listed
from app.returns import sentences

MOST, MOST_LINES = 8, 100
ORDERS = """
FROM orders o JOIN merchants m ON m.id = o.merchant WHERE o.customer = {} AND (o.merchant = {} OR o.id = {})
ORDER BY o.placed_at DESC, o.id DESC LIMIT {}
"""
LINES = """
SELECT "order", title, variant, quantity, total FROM order_lines WHERE "order" IN (MARKS) ORDER BY "order", position LIMIT {}
"""
RETURNS = """
SELECT code, kind, titles, created_at, merchant, id FROM returns
WHERE customer = {} AND (merchant = {} OR id = {}) AND state <> 'unconfirmed'
ORDER BY id DESC LIMIT {}
"""
PEOPLE = """
SELECT mb.id, c.name, c.email FROM members mb JOIN customers c ON c.id = mb.customer WHERE mb.merchant = {}
ORDER BY c.name, mb.id
"""


class Fact(Struct, frozen=True):
    """`url` is empty where there is no page of it at the desk. `current`: the thread is about it. `status` of an order as its
    customer reads it, `lines` what was bought in it: what, which of it, amount."""

    name: str
    detail: str
    url: str
    current: bool
    status: str = ""
    lines: Sequence[tuple[str, str, str]] = ()


async def beside(it: KeptThread, desk_url: str, voice: Voice) -> list[Fact]:
    """And what it is about, where that is another seller's: of the shop itself they may be asked about each."""
    orders = await reading.texts(order_lists.COLUMNS, ORDERS, it.customer, it.merchant, it.order, MOST)
    cards = [order_cards.card(text, voice) for text in orders]
    lines = await _lines([card.id for card in cards])
    returns = await db.rows(RETURNS, it.customer, it.merchant, it.of_return, MOST)
    facts = [
        *(
            _order(order_lists.read(text), card, lines, card.id == it.order, voice)
            for text, card in zip(orders, cards, strict=True)
        ),
        *(
            _return(row, row["id"] == it.of_return, desk_url if row["merchant"] == it.merchant else "", voice)
            for row in returns
        ),
    ]
    return sorted(facts, key=lambda fact: not fact.current)  # what it is about first


async def _lines(orders: Sequence[int]) -> Sequence[db.Row]:
    return await db.rows(LINES.replace("MARKS", db.marks(len(orders))), *orders, MOST_LINES) if orders else ()


def _order(it: Listed, card: OrderCard, lines: Sequence[db.Row], current: bool, voice: Voice) -> Fact:
    title = it.titles.partition("\n")[0]
    detail = f"{title} · {voice.money(it.total, it.currency)} · {voice.near_day(it.placed_at)}"
    bought = [
        (f"{row['quantity']} × {row['title']}", row["variant"], voice.money(row["total"], it.currency))
        for row in lines if row["order"] == it.id
    ]  # fmt: skip
    return Fact(voice.gettext("Order %(number)s") % {"number": card.number}, detail, "", current, card.said.headline, bought)


def _return(row: db.Row, current: bool, desk_url: str, voice: Voice) -> Fact:
    name = f"{sentences.kinds(voice)[row['kind']]} {row['code']}"
    url = f"{desk_url}/returns/{row['code']}" if desk_url else ""
    return Fact(name, row["titles"].partition("\n")[0], url, current)


async def people(merchant: int) -> list[tuple[int, str]]:
    """Id and name of each."""
    return [(row["id"], row["name"] or row["email"]) for row in await db.rows(PEOPLE, merchant)]
