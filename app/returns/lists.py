"""One page of somebody's returns by keyset: of every kind, of one, of those that are under way, and by words. What needs its
customer, or has gone wrong, comes first, then the newest."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct

from app import db, reading
from app.returns import scanned
from app.returns.kept import Kept
from app.returns.outcomes import OUTCOME
from app.returns.states import KINDS
from app.returns.under_way import NEEDS, OPEN
from app.search import folded

PAGE = 20
FIRST = f"{NEEDS} DESC, r.id DESC"
LONGEST_QUERY = 200


class Listed(Struct, frozen=True, array_like=True):
    """One return as a list reads it: columns of its own row, and its merchant's name."""

    id: int
    code: str
    kind: str
    state: str
    currency: str
    expected: int
    refunded: int
    item_count: int
    titles: str
    pictures: str
    order_numbers: str
    waiting_on: str
    due_at: datetime | None
    created_at: datetime
    send_by: datetime | None
    refund_by: datetime | None
    objected_at: datetime | None
    settled_at: datetime | None
    came_at: datetime | None
    received_at: datetime | None
    exchange_stage: str
    exchange_off_at: datetime | None
    exchange_back: int
    exchange_sent: int
    to_pay: int
    proposed: int
    proposed_until: datetime | None
    money: str
    money_at: datetime | None
    merchant_name: str
    needs: int


class Filter(Struct, frozen=True, kw_only=True):
    """Each field is empty when not asked for; nonsense in the URL is the same as nothing."""

    q: str = ""
    kind: str = ""
    open: str = ""

    def url(self, **changes: str) -> str:
        wanted = {name: changes.get(name, getattr(self, name)) for name in self.__struct_fields__} | changes
        query = urlencode({name: value for name, value in wanted.items() if value})
        return f"/returns?{query}" if query else "/returns"


NAMES = OUTCOME | {"merchant_name": "m.name", "needs": NEEDS}
COLUMNS = ", ".join(NAMES.get(name, f'r."{name}"') for name in Listed.__struct_fields__)
FROM = "FROM returns r JOIN merchants m ON m.id = r.merchant WHERE r.customer = {} AND r.state <> 'unconfirmed'"
OF_ORDER = 'AND r.id IN (SELECT of_return FROM return_lines WHERE "order" = {}) ORDER BY r.id DESC LIMIT 50'
NAMED = """
SELECT number, address FROM orders
WHERE customer = {} AND id IN (SELECT "order" FROM return_lines WHERE of_return = {}) ORDER BY id
"""
EXCHANGE = "SELECT number, address FROM orders WHERE customer = {} AND id = {}"
read = reading.decoder(Listed)


def asked(query: Mapping[str, Any]) -> Filter:
    return Filter(
        q=" ".join(query.get("q", "").replace("\x00", "").split())[:LONGEST_QUERY],
        kind=kind if (kind := query.get("kind", "")) in KINDS else "",
        open="yes" if query.get("open") == "yes" else "",
    )


async def page_of(customer: int, wanted: Filter, before: str = "", most: int = PAGE) -> tuple[list[Listed], str]:
    """At most `most`, and the place before which the next page begins (empty when there is none)."""
    sql, args = _conditions(wanted)
    if place := _place(before):
        sql, args = f"{sql} AND ({NEEDS}, r.id) < ({{}}, {{}})", [*args, *place]
    how = db.scan if wanted.q else db.rows
    order = f"ORDER BY {FIRST} LIMIT {{}}"
    found = await reading.texts(COLUMNS, f"{FROM}{sql} {order}", customer, *args, most + 1, read=how)
    shown = [read(row) for row in found[:most]]
    return shown, f"{shown[-1].needs}-{shown[-1].id}" if len(found) > most else ""


def _place(text: str) -> tuple[int, int] | None:
    """Of a return in the list: whether it needs its customer, and its id. None for what nobody gave out."""
    needs, _dash, number = text.partition("-")
    known = needs in ("0", "1") and number.isascii() and number.isdecimal() and len(number) < 10
    return (int(needs), int(number)) if known else None


async def of_order(customer: int, order: int) -> list[Listed]:
    """What of an order was ever asked for, newest first."""
    return [read(row) for row in await reading.texts(COLUMNS, f"{FROM} {OF_ORDER}", customer, order)]


async def by_code(customer: int, code: str) -> Listed | None:
    found = await reading.texts(COLUMNS, f"{FROM} AND r.code = {{}}", customer, code)
    return read(found[0]) if found else None


async def orders_named(it: Kept) -> list[tuple[str, str]]:
    """Number and address of each order concerned that is its customer's."""
    found = await db.rows(NAMED, it.it.customer, it.it.id)
    return [(row["number"], f"/orders/{row['address']}") for row in found]


async def exchange_of(it: Kept) -> tuple[str, str] | None:
    """Number and address of the order in which an exchange or a replacement ships to its customer."""
    row = await db.one(EXCHANGE, it.it.customer, it.it.exchange) if it.it.exchange else None
    return (row["number"], f"/orders/{row['address']}") if row else None


async def codes(merchant: int, numbers: Collection[int]) -> dict[int, str]:
    """Of returns of that merchant, by their ids."""
    if not numbers:
        return {}
    marks = db.marks(len(numbers))
    found = await db.rows(f"SELECT id, code FROM returns WHERE merchant = {{}} AND id IN ({marks})", merchant, *numbers)  # noqa: S608
    return {row["id"]: row["code"] for row in found}


def _conditions(wanted: Filter) -> tuple[str, list[Any]]:
    """SQL behind `WHERE customer = …`, and its arguments."""
    sql, args = "", []
    if wanted.kind:
        sql, args = " AND r.kind = {}", [wanted.kind]
    if wanted.open:
        sql = f"{sql} AND {OPEN}"
    for word in folded(wanted.q).split():
        code = scanned.code(word) or word.upper()
        sql, args = f"{sql} AND (r.search_text LIKE {{}} ESCAPE '!' OR r.code = {{}})", [*args, _like(word), code]
    return sql, args


def _like(word: str) -> str:
    for sign in "!%_":
        word = word.replace(sign, f"!{sign}")
    return f"%{word}%"
