"""What stands beside a thread at the desk: its customer's orders and returns with this merchant, and who could take it on."""

from msgspec import Struct

from app import db
from app.i18n import Voice
from app.inbox.kept import KeptThread
from app.returns import sentences

MOST = 8
ORDERS = """
SELECT number, placed_at, total, currency, titles, id FROM orders WHERE customer = {} AND (merchant = {} OR id = {})
ORDER BY placed_at DESC, id DESC LIMIT {}
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
    """`url` is empty where there is no page of it at the desk. `current`: the thread is about it."""

    name: str
    detail: str
    url: str
    current: bool


async def beside(it: KeptThread, desk_url: str, voice: Voice) -> list[Fact]:
    """And what it is about, where that is another seller's: of the shop itself they may be asked about each."""
    orders = await db.rows(ORDERS, it.customer, it.merchant, it.order, MOST)
    returns = await db.rows(RETURNS, it.customer, it.merchant, it.of_return, MOST)
    return [
        *(_order(row, row["id"] == it.order, voice) for row in orders),
        *(
            _return(row, row["id"] == it.of_return, desk_url if row["merchant"] == it.merchant else "", voice)
            for row in returns
        ),
    ]


def _order(row: db.Row, current: bool, voice: Voice) -> Fact:
    title = row["titles"].partition("\n")[0]
    detail = f"{title} · {voice.money(row['total'], row['currency'])} · {voice.near_day(row['placed_at'])}"
    return Fact(voice.gettext("Order %(number)s") % {"number": row["number"]}, detail, "", current)


def _return(row: db.Row, current: bool, desk_url: str, voice: Voice) -> Fact:
    name = f"{sentences.kinds(voice)[row['kind']]} {row['code']}"
    url = f"{desk_url}/returns/{row['code']}" if desk_url else ""
    return Fact(name, row["titles"].partition("\n")[0], url, current)


async def people(merchant: int) -> list[tuple[int, str]]:
    """Id and name of each."""
    return [(row["id"], row["name"] or row["email"]) for row in await db.rows(PEOPLE, merchant)]
