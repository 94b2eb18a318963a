"""A merchant's returns: what waits for its people, oldest deadline first; and all of them, by words, kind and state."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from app import clock, db, pictures, reading
from app.i18n import Voice, _
from app.returns import sentences
from app.returns.outcomes import OUTCOME
from app.returns.states import KINDS
from app.search import folded

PAGE = 50
LONGEST_QUERY = 200
WAITING = """
SELECT count(*) AS n, COALESCE(SUM(CASE WHEN due_at < {} THEN 1 ELSE 0 END), 0) AS late FROM returns
WHERE merchant = {} AND waiting_on = 'seller' AND state <> 'unconfirmed'
"""
AT_DESK = "FROM returns r JOIN merchants m ON m.id = r.merchant WHERE r.merchant = {} AND r.state <> 'unconfirmed'"


class Waiting(Struct, frozen=True, array_like=True):
    """Columns of `Return` and the reasons of its lines."""

    id: int
    code: str
    kind: str
    state: str
    currency: str
    expected: int
    refunded: int
    item_count: int
    titles: str
    contract: str
    pictures: str
    order_numbers: str
    waiting_on: str
    due_at: datetime | None
    created_at: datetime
    send_by: datetime | None
    refund_by: datetime | None
    came_at: datetime | None
    received_at: datetime | None
    name: str
    email: str
    objected_at: datetime | None
    settled_at: datetime | None
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


class QueueCard(Struct, frozen=True):
    """`titles`: of a guest, what they have written. `late`: the deadline is past. `approvable`: it may be agreed to with others
    at once."""

    code: str
    kind: str
    tag: str
    tone: str
    who: str
    titles: str
    picture: str
    amount: str
    due: str
    late: bool
    small_print: str
    approvable: bool


class Filter(Struct, frozen=True, kw_only=True):
    """`show`: “all” for everything, else what waits for the merchant."""

    q: str = ""
    kind: str = ""
    show: str = ""

    def query(self, **changes: str) -> str:
        wanted = {name: changes.get(name, getattr(self, name)) for name in self.__struct_fields__} | changes
        text = urlencode({name: value for name, value in wanted.items() if value})
        return f"?{text}" if text else ""


OF_MERCHANT = {"merchant_name": "m.name"} | OUTCOME
COLUMNS = ", ".join(OF_MERCHANT.get(name, f'r."{name}"') for name in Waiting.__struct_fields__)
read = reading.decoder(Waiting)


def asked_for(query: Mapping[str, Any]) -> Filter:
    return Filter(
        q=" ".join(query.get("q", "").replace("\x00", "").split())[:LONGEST_QUERY],
        kind=kind if (kind := query.get("kind", "")) in KINDS else "",
        show="all" if query.get("show") == "all" or query.get("q", "").strip() else "",
    )


async def page_of(merchant: int, wanted: Filter, after: str = "") -> tuple[list[Waiting], str]:
    """The waiting by their deadlines, all of them newest first; and the cursor of the next page, or an empty text."""
    sql, args = _conditions(wanted)
    if wanted.show == "all":
        order, keyset, place = "ORDER BY r.id DESC", " AND r.id < {}", _number(after)
    else:
        sql += " AND r.waiting_on = 'seller'"
        order, keyset = "ORDER BY r.due_at, r.id", " AND (r.due_at, r.id) > ({}, {})"
        place = list(reading.read_cursor(after) or ())
    if place:
        sql, args = f"{sql}{keyset}", [*args, *place]
    how = db.scan if wanted.q else db.rows
    found = await reading.texts(COLUMNS, f"{AT_DESK}{sql} {order} LIMIT {{}}", merchant, *args, PAGE + 1, read=how)
    shown = [read(row) for row in found[:PAGE]]
    return shown, _cursor(shown[-1], wanted) if len(found) > PAGE else ""


def _conditions(wanted: Filter) -> tuple[str, list[Any]]:
    sql, args = "", []
    if wanted.kind:
        sql, args = " AND r.kind = {}", [wanted.kind]
    for word in folded(wanted.q).split():
        sign = word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
        sql += " AND (r.search_text LIKE {} ESCAPE '!' OR r.code = {} OR lower(r.email) = {})"
        args += [f"%{sign}%", word.upper(), word]
    return sql, args


def _cursor(last: Waiting, wanted: Filter) -> str:
    if wanted.show == "all" or last.due_at is None:
        return str(last.id)
    return reading.cursor(last.due_at, last.id)


def _number(text: str) -> list[Any]:
    return [int(text)] if text.isascii() and text.isdecimal() and len(text) < 10 else []


async def next_one(merchant: int, but: str) -> Waiting | None:
    """What is to be answered first of all that waits, but for the return of that code."""
    rest = "AND r.waiting_on = 'seller' AND r.code <> {} ORDER BY r.due_at, r.id LIMIT 1"
    found = await reading.texts(COLUMNS, f"{AT_DESK} {rest}", merchant, but)
    return read(found[0]) if found else None


async def waiting(merchant: int) -> tuple[int, int]:
    """How many wait for the merchant, and how many of these are late."""
    found = await db.rows(WAITING, clock.now(), merchant)
    return found[0]["n"], int(found[0]["late"])


def past(at: datetime) -> bool:
    return at <= clock.now()


def late(it: sentences.Facts) -> bool:
    """The merchant should have answered."""
    return it.waiting_on == "seller" and it.due_at is not None and past(it.due_at)


def tone(it: sentences.Facts) -> str:
    return "bad" if late(it) else "wait" if it.waiting_on == "seller" and it.due_at else "plain"


def card(it: Waiting, voice: Voice) -> QueueCard:
    names = msgspec.json.decode(it.pictures)
    due = voice.weekday(it.due_at - timedelta(seconds=1)) if it.due_at and it.waiting_on == "seller" else ""
    items = voice.ngettext("%(num)d item", "%(num)d items", it.item_count) % {"num": it.item_count}
    items = items if it.item_count else _("no order yet")  # a guest's declaration
    return QueueCard(
        it.code, sentences.kinds(voice)[it.kind], sentences.at_desk(it, voice), tone(it), it.name or it.email,
        it.titles.replace("\n", ", ") or it.contract, pictures.url(names[0]) if names else "",
        voice.money(it.expected, it.currency) if it.expected else "", due, late(it),
        " · ".join(part for part in (items, it.order_numbers, voice.day(it.created_at)) if part),
        it.state in ("requested", "open"),
    )  # fmt: skip
