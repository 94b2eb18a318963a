"""What stands beside a thread at the desk: its customer's orders and returns with this merchant, and who could take it on."""

from msgspec import Struct

from app import db
from app.i18n import Voice
from app.inbox.kept import KeptThread
from app.returns import sentences

MOST = 8
ORDERS = """
SELECT number, placed_at, total, currency, titles, id FROM orders WHERE customer = {} AND merchant = {}
ORDER BY placed_at DESC, id DESC LIMIT {}
"""
RETURNS = """
SELECT code, kind, titles, created_at FROM returns WHERE customer = {} AND merchant = {} AND state <> 'unconfirmed'
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
    orders = await db.rows(ORDERS, it.customer, it.merchant, MOST)
    returns = await db.rows(RETURNS, it.customer, it.merchant, MOST)
    return [*(_order(row, row["id"] == it.order, voice) for row in orders), *(_return(row, desk_url, voice) for row in returns)]


def _order(row: db.Row, current: bool, voice: Voice) -> Fact:
    title = row["titles"].partition("\n")[0]
    detail = f"{title} · {voice.money(row['total'], row['currency'])} · {voice.near_day(row['placed_at'])}"
    return Fact(voice.gettext("Order %(number)s") % {"number": row["number"]}, detail, "", current)


def _return(row: db.Row, desk_url: str, voice: Voice) -> Fact:
    name = f"{sentences.kinds(voice)[row['kind']]} {row['code']}"
    return Fact(name, row["titles"].partition("\n")[0], f"{desk_url}/returns/{row['code']}", False)


async def people(merchant: int) -> list[tuple[int, str]]:
    """Id and name of each."""
    return [(row["id"], row["name"] or row["email"]) for row in await db.rows(PEOPLE, merchant)]
