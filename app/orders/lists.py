"""The hot query: one page of somebody's orders, newest first, by keyset."""

from typing import Any

from app import db, reading
from app.orders.filters import PAGE, Filter, conditions, cursor
from app.orders.sentences import Facts


class Listed(Facts, frozen=True, array_like=True, gc=False):
    """One order as a list reads it: columns of its own row, and its merchant's name."""

    id: int
    address: str
    number: str
    total: int
    archived: bool | int  # SQLite's truth is a number
    line_count: int
    item_count: int
    titles: str
    pictures: str
    merchant_name: str

    def __getitem__(self, column: str) -> Any:
        return getattr(self, column)


COLUMNS = ", ".join(f"o.{name}" for name in Listed.__struct_fields__[:-1]) + ", m.name"
read = reading.decoder(Listed)
FROM = "FROM orders o JOIN merchants m ON m.id = o.merchant WHERE o.customer = {}"
NEWEST_FIRST = "ORDER BY o.placed_at DESC, o.id DESC LIMIT {}"


async def page_of(customer: int, asked: Filter, before: str, zone: str, most: int = PAGE) -> tuple[list[str], str]:
    """At most `most` rows as texts for `read`, and the cursor of the next page ("" when there is none)."""
    sql, args = conditions(asked, zone)
    if (at := reading.read_cursor(before)) is not None:
        sql, args = f"{sql} AND (o.placed_at, o.id) < ({{}}, {{}})", [*args, *at]
    # A search may touch every order of the person: off the event loop. The rest stops at the twenty-first row.
    how = db.scan if asked.q else db.rows
    found = await reading.texts(COLUMNS, f"{FROM}{sql} {NEWEST_FIRST}", customer, *args, most + 1, read=how)
    shown = found[:most]
    return shown, cursor(read(shown[-1])) if len(found) > most else ""


async def one(customer: int, address: str) -> str | None:
    found = await reading.texts(COLUMNS, f"{FROM} AND o.address = {{}}", customer, address)
    return found[0] if found else None
