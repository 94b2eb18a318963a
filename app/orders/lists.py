"""The hot query: one page of somebody's orders, newest first, by keyset."""

from collections.abc import Sequence
from typing import Any

from app import db
from app.orders.filters import PAGE, Filter, conditions, cursor, read_cursor

COLUMNS = """o.id, o.address, o.number, o.placed_at, o.currency, o.total, o.archived, o.state, o.payment, o.fulfilment,
o.stage, o.carrier_status, o.carrier, o.arrives_from, o.arrives_to, o.shipped_at, o.delivered_at, o.cancelled_at,
o.refunded, o.line_count, o.item_count, o.titles, o.pictures, m.name AS merchant_name"""
FROM = "FROM orders o JOIN merchants m ON m.id = o.merchant WHERE o.customer = {}"
NEWEST_FIRST = "ORDER BY o.placed_at DESC, o.id DESC LIMIT {}"


async def page_of(customer: int, asked: Filter, before: str, zone: str, most: int = PAGE) -> tuple[Sequence[db.Row], str]:
    """At most `most` rows, and the cursor of the next page ("" when there is none)."""
    sql, args = conditions(asked, zone)
    if (at := read_cursor(before)) is not None:
        sql, args = f"{sql} AND (o.placed_at, o.id) < ({{}}, {{}})", [*args, *at]
    # A search may read every order of the person: off the event loop. The rest stops at the twenty-first row.
    read = db.scan if asked.q else db.rows
    found = await read(f"SELECT {COLUMNS} {FROM}{sql} {NEWEST_FIRST}", customer, *args, most + 1)
    shown = found[:most]
    return shown, cursor(shown[-1]) if len(found) > most else ""


async def one(customer: int, address: str) -> db.Row | None:
    """The columns of a card, for one order."""
    return await db.one(f"SELECT {COLUMNS} {FROM} AND o.address = {{}}", customer, address)


async def merchants(ids: str) -> list[tuple[str, str]]:
    """(slug, name) by name, of the ids on the customer's row."""
    wanted: list[Any] = [int(number) for number in ids.split()]
    if len(wanted) < 2:
        return []
    found = await db.rows(
        f"SELECT slug, name FROM merchants WHERE id IN ({db.marks(len(wanted))}) ORDER BY name, id",  # noqa: S608
        *wanted,
    )
    return [(row["slug"], row["name"]) for row in found]
