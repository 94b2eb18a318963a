"""One page of somebody's threads by keyset, the newest word first: all of them, some of them, and those that say something."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import replace

from app import clock, db, reading
from app.inbox import searching
from app.inbox.words import for_customer

PAGE = 25
LONGEST_QUERY = 200
KINDS = ("order", "return", "question", "account", "policy", "offer")
YEARS = range(1970, 9_999)
NOTICES = ("account", "policy", "offer")


class Listed(Struct, frozen=True, array_like=True):
    """One thread as a list reads it: columns of its own row, and its merchant's name."""

    id: int
    code: str
    kind: str
    subject: str
    titles: str
    pictures: str
    order_number: str
    last_text: str
    last_side: str
    last_name: str
    last_at: datetime
    unread: int
    marked: bool | int  # SQLite's truth is a number, here and below
    archived: bool | int
    muted: bool | int
    kept: bool | int
    waiting_on: str
    due_at: datetime | None
    closed_at: datetime | None
    merchant_name: str


class Filter(Struct, frozen=True, kw_only=True):
    """Each field is empty when not asked for; nonsense in the URL is the same as nothing. `kind`: one of KINDS, or “notices”;
    `seller` is a merchant's short name, `order` an order's id; `since` and `until` are the days (“2026-11-28”) between which it
    was written last; `first`: “unread” stand before the others."""

    q: str = ""
    kind: str = ""
    seller: str = ""
    order: str = ""
    unread: str = ""
    archived: str = ""
    since: str = ""
    until: str = ""
    first: str = ""

    def url(self, **changes: str) -> str:
        wanted = {name: changes.get(name, getattr(self, name)) for name in self.__struct_fields__} | changes
        query = urlencode({name: value for name, value in wanted.items() if value})
        return f"/inbox?{query}" if query else "/inbox"

    def beside(self, *names: str) -> list[tuple[str, str]]:
        """What a form that asks for these keeps."""
        return [(name, value) for name in self.__struct_fields__ if name not in names and (value := getattr(self, name))]


COLUMNS = ", ".join({"merchant_name": "m.name"}.get(name, f't."{name}"') for name in Listed.__struct_fields__)
THREADS = "FROM threads t JOIN merchants m ON m.id = t.merchant"
FROM = f"{THREADS} WHERE t.customer = {{}}"
ORDER = "ORDER BY t.last_at DESC, t.id DESC"
NEWEST = f"{ORDER} LIMIT {{}}"
BEHIND = "-"  # before a place among those that are read, where the unread ones come first
UNREAD = "(t.unread > 0 OR t.marked)"
read = reading.decoder(Listed)


def asked(query: Mapping[str, Any]) -> Filter:
    kind, order = query.get("kind", ""), query.get("order", "")
    return Filter(
        q=" ".join(query.get("q", "").replace("\x00", "").split())[:LONGEST_QUERY],
        kind=kind if kind in (*KINDS, "notices") else "",
        seller=seller if len(seller := query.get("seller", "")) <= 64 and seller.isprintable() else "",
        order=order if order.isascii() and order.isdecimal() and len(order) < 10 else "",
        unread="yes" if query.get("unread") == "yes" else "",
        archived="yes" if query.get("archived") == "yes" else "",
        since=_day(query.get("since", "")),
        until=_day(query.get("until", "")),
        first="unread" if query.get("first") == "unread" else "",
    )


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return ""
    return text if len(text) == 10 and day.year in YEARS else ""


async def page_of(
    customer: int, wanted: Filter, before: str = "", most: int = PAGE, *, zone: str = ""
) -> tuple[list[Listed], str]:
    """At most `most`, and the place before which the next page begins (empty when there is none). Days begin in that `zone`."""
    if not wanted.first or wanted.unread:
        return await _page(customer, wanted, before, most, zone)
    found: list[Listed] = []
    if not before.startswith(BEHIND):
        found, older = await _page(customer, replace(wanted, unread="yes"), before, most, zone)
        if older or len(found) == most:
            return found, older or BEHIND
    rest, older = await _page(customer, replace(wanted, unread="no"), before.removeprefix(BEHIND), most - len(found), zone)
    return found + rest, older and f"{BEHIND}{older}"


async def _page(customer: int, wanted: Filter, before: str, most: int, zone: str) -> tuple[list[Listed], str]:
    sql, args = _conditions(customer, wanted)
    between, days = _days(wanted, zone)
    sql, args = f"{sql}{between}", [*args, *days]
    if place := reading.read_cursor(before):
        sql, args = f"{sql} AND (t.last_at, t.id) < ({{}}, {{}})", [*args, *place]
    rest, how = f"{FROM}{sql} {NEWEST}", db.rows
    if wanted.q:  # what is found comes in no order: whole rows only of what is shown
        rest, how = f"{THREADS} WHERE t.id IN (SELECT t.id {rest}) {ORDER}", db.scan
    found = await reading.texts(COLUMNS, rest, customer, *args, most + 1, read=how)
    shown = [read(row) for row in found[:most]]
    return shown, reading.cursor(shown[-1].last_at, shown[-1].id) if len(found) > most else ""


def _days(wanted: Filter, zone: str) -> tuple[str, list[Any]]:
    """The last day is one of them."""
    sql, args = "", []
    if wanted.since:
        sql, args = " AND t.last_at >= {}", [clock.start_of(date.fromisoformat(wanted.since), zone)]
    if wanted.until:
        after = date.fromisoformat(wanted.until) + timedelta(days=1)
        sql, args = f"{sql} AND t.last_at < {{}}", [*args, clock.start_of(after, zone)]
    return sql, args


def _conditions(customer: int, wanted: Filter) -> tuple[str, list[Any]]:
    """SQL behind `WHERE t.customer = …`, and its arguments. A search looks in the archive, too."""
    sql, args = searching.condition(for_customer(customer), wanted.q)
    if not sql:
        sql, args = " AND t.archived = {}", [bool(wanted.archived)]
    if wanted.kind == "notices":
        sql, args = f"{sql} AND t.kind IN ({db.marks(len(NOTICES))})", [*args, *NOTICES]
    elif wanted.kind:
        sql, args = f"{sql} AND t.kind = {{}}", [*args, wanted.kind]
    if wanted.seller:
        sql, args = f"{sql} AND m.slug = {{}}", [*args, wanted.seller]
    if wanted.order:
        sql, args = f'{sql} AND t."order" = {{}}', [*args, int(wanted.order)]
    return sql + {"yes": f" AND {UNREAD}", "no": f" AND NOT {UNREAD}"}.get(wanted.unread, ""), args
