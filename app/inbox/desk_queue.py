"""A merchant's threads: what waits for its people, who waits longest first; mine, nobody's; and those that say something."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from app import clock, db, pictures, reading
from app.i18n import Voice
from app.inbox import cards, goals, marking, reasons, searching, texts
from app.inbox.labels import Label
from app.inbox.lines import A_SECOND
from app.inbox.lists import KINDS, LONGEST_QUERY
from app.inbox.words import for_desk

PAGE = 50
SHOWS = ("", "mine", "unassigned", "answered", "closed", "all")
COUNT = """
SELECT count(*) AS n, COALESCE(SUM(CASE WHEN due_at < {} THEN 1 ELSE 0 END), 0) AS late,
COALESCE(SUM(CASE WHEN assigned = {} THEN 1 ELSE 0 END), 0) AS mine,
COALESCE(SUM(CASE WHEN assigned IS NULL THEN 1 ELSE 0 END), 0) AS nobodys FROM threads
WHERE merchant = {} AND waiting_on = 'seller' AND closed_at IS NULL AND waiting_since IS NOT NULL
"""  # the last of it leads SQLite to the index of those that wait


class Waiting(Struct, frozen=True, array_like=True):
    """Columns of `Thread`, and what its customer and the one it is assigned to are called."""

    id: int
    code: str
    kind: str
    subject: str
    titles: str
    pictures: str
    order_number: str
    last_text: str
    last_side: str
    last_at: datetime
    waiting_on: str
    waiting_since: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    escalated_at: datetime | None
    reason: str
    customer_name: str
    assigned_name: str


class Row(Struct, frozen=True):
    code: str
    name: str
    heading: texts.Pieces
    who: texts.Pieces
    gist: texts.Pieces
    small_print: texts.Pieces
    tag: str
    tone: str
    when: str
    assigned: str
    labels: Sequence[Label]
    missed: bool
    picture: str


class Filter(Struct, frozen=True, kw_only=True):
    """`show`: one of SHOWS; empty is what waits. Nonsense is the same as nothing."""

    q: str = ""
    kind: str = ""
    show: str = ""
    label: str = ""

    def query(self, **changes: str) -> str:
        wanted = {name: changes.get(name, getattr(self, name)) for name in self.__struct_fields__} | changes
        text = urlencode({name: value for name, value in wanted.items() if value})
        return f"?{text}" if text else ""


NAMES = {"customer_name": "c.name", "assigned_name": "COALESCE(a.name, '')"}
COLUMNS = ", ".join(NAMES.get(name, f"t.{name}") for name in Waiting.__struct_fields__)
FROM = """FROM threads t JOIN customers c ON c.id = t.customer LEFT JOIN members mb ON mb.id = t.assigned
LEFT JOIN customers a ON a.id = mb.customer WHERE t.merchant = {}"""
LABELLED = " AND t.id IN (SELECT thread FROM thread_labels WHERE label = {})"
# What many were told is no answer, as long as none of them has said anything to it.
TOLD_MANY = "t.kind IN ('account', 'policy', 'offer') AND t.message_count = 1 AND t.waiting_on = 'nobody'"
WAITS = " AND t.waiting_on = 'seller' AND t.closed_at IS NULL"


def asked_for(query: Mapping[str, Any]) -> Filter:
    return Filter(
        q=" ".join(query.get("q", "").replace("\x00", "").split())[:LONGEST_QUERY],
        kind=kind if (kind := query.get("kind", "")) in KINDS else "",
        show=show if (show := query.get("show", "")) in SHOWS else "",
        label=label if (label := query.get("label", "")).isascii() and label.isdecimal() and len(label) < 10 else "",
    )


async def page_of(merchant: int, member: int, wanted: Filter, after: str = "") -> tuple[list[Waiting], str]:
    """What waits by since when, the rest newest first; and the cursor of the next page, or an empty text."""
    sql, args = _conditions(merchant, member, wanted)
    by, order, beyond = ("t.waiting_since", "", ">") if _waits(wanted) else ("t.last_at", " DESC", "<")
    if place := reading.read_cursor(after):
        sql, args = f"{sql} AND ({by}, t.id) {beyond} ({{}}, {{}})", [*args, *place]
    how = db.scan if wanted.q else db.rows
    rest = f"{FROM}{sql} ORDER BY {by}{order}, t.id{order} LIMIT {{}}"
    found = await reading.texts(COLUMNS, rest, merchant, *args, PAGE + 1, read=how)
    shown = [reading.decoder(Waiting)(row) for row in found[:PAGE]]
    return shown, _cursor(shown[-1], wanted) if len(found) > PAGE else ""


def _waits(wanted: Filter) -> bool:
    return wanted.show in ("", "mine", "unassigned") and not wanted.q


def _conditions(merchant: int, member: int, wanted: Filter) -> tuple[str, list[Any]]:
    """A search looks in all of them."""
    sql, args = searching.condition(for_desk(merchant), wanted.q)
    if not sql:
        answered = f" AND t.closed_at IS NULL AND t.waiting_on <> 'seller' AND NOT ({TOLD_MANY})"
        closed = {"all": f" AND NOT ({TOLD_MANY})", "answered": answered, "closed": " AND t.closed_at IS NOT NULL"}
        sql = closed.get(wanted.show, WAITS)
    if wanted.show == "mine":
        sql, args = f"{sql} AND t.assigned = {{}}", [*args, member]
    elif wanted.show == "unassigned":
        sql += " AND t.assigned IS NULL"
    if wanted.label:
        sql, args = f"{sql}{LABELLED}", [*args, int(wanted.label)]
    return (f"{sql} AND t.kind = {{}}", [*args, wanted.kind]) if wanted.kind else (sql, args)


def _cursor(last: Waiting, wanted: Filter) -> str:
    return reading.cursor(last.waiting_since if _waits(wanted) and last.waiting_since else last.last_at, last.id)


class Count(Struct, frozen=True):
    """How many wait for the merchant; how many of these are late, are the member's own, are nobody's."""

    n: int
    late: int
    mine: int
    nobodys: int


async def waiting(merchant: int, member: int) -> Count:
    (row,) = await db.rows(COUNT, clock.now(), member, merchant)
    return Count(row["n"], int(row["late"]), int(row["mine"]), int(row["nobodys"]))


async def next_one(merchant: int, but: str) -> str:
    """The code of what is to be answered first of all that waits, but for that one; empty for none."""
    row = await db.one(f"SELECT t.code {FROM}{WAITS} AND t.code <> {{}} ORDER BY t.waiting_since, t.id LIMIT 1", merchant, but)
    return row["code"] if row else ""


def row(it: Waiting, voice: Voice, query: str, hit: str, labels: Sequence[Label], hours: int) -> Row:
    """`hours`: the merchant's goal."""
    _ = voice.gettext
    heading, gist = it.subject or cards.titles(it.titles, voice), it.last_text
    name = cards.called(it.customer_name, voice)
    tag, tone = state(it.waiting_on, it.due_at, it.closed_at, voice)
    about = _("Order %(number)s") % {"number": it.order_number} if it.order_number else ""
    why, shop = reasons.words(voice).get(it.reason, ""), _("Asked the shop to step in") if it.escalated_at else ""
    names = msgspec.json.decode(it.pictures)
    waits = it.closed_at is None and it.waiting_on == "seller"
    return Row(
        it.code, name, marking.marked(heading, query), marking.marked(name, query),
        marking.marked(marking.around(hit, query) if hit else gist, query),
        marking.marked(" · ".join(part for part in (about, why, shop) if part), query), tag, tone,
        cards.when((it.waiting_since if waits else None) or it.last_at, voice), it.assigned_name,
        labels, waits and goals.missed(hours, it.waiting_since), pictures.url(names[0]) if names else "",
    )  # fmt: skip


def state(waiting_on: str, due_at: datetime | None, closed_at: datetime | None, voice: Voice) -> tuple[str, str]:
    """In a few words, and their tone, for who has to answer."""
    _ = voice.gettext
    if closed_at is not None:
        return _("Closed"), "plain"
    if waiting_on != "seller":
        return _("Answered"), "good"
    if due_at is None:
        return _("Waits"), "wait"
    late = due_at <= clock.now()
    return (_("Was due %(day)s") if late else _("Due by %(day)s")) % {
        "day": voice.weekday(due_at - A_SECOND)
    }, "bad" if late else "wait"
