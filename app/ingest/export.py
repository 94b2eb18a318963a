"""One's own history to take away, newest first, a batch of orders in memory at a time. Archived orders are part of it.

JSON is lossless: `python -m app import comptoir FILE` takes it in again (comptoir.py). CSV is for spreadsheets: a row a
line with its order's columns repeated, the same column names in every language.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime
from typing import Protocol

import msgspec

from app import clock, db
from app.errors import Invalid
from app.i18n import _
from app.ingest import kept
from app.ingest.export_rows import HEADER, Exported, rows
from app.ingest.snapshot import OrderSnapshot
from app.merchants.actions import Particulars
from app.spreadsheets import BYTE_ORDER_MARK, csv_text

FORMAT, VERSION = "comptoir-orders", 1
BATCH = 200
END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)
PAGE = """
SELECT o.id, o.placed_at, o.state, o.fulfilment, o.refunded, o.archived, o.customer_email, m.name AS merchant_name
FROM orders o JOIN merchants m ON m.id = o.merchant
WHERE o.customer = {} AND o.placed_at >= {} AND o.placed_at < {} AND (o.placed_at, o.id) < ({}, {})
ORDER BY o.placed_at DESC, o.id DESC LIMIT {}
"""
MERCHANTS = f"""
SELECT slug, {", ".join(Particulars.__struct_fields__)} FROM merchants WHERE id IN
(SELECT merchant FROM orders WHERE customer = {{}} AND placed_at >= {{}} AND placed_at < {{}}) ORDER BY slug
"""  # noqa: S608 - our own names


class Person(Protocol):
    """Whose history it is."""

    @property
    def id(self) -> int: ...
    @property
    def email(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def time_zone(self) -> str: ...


def year_of(text: str) -> int | None:
    """None for all years, which is what no year asks for; raises Invalid."""
    if not text:
        return None
    if len(text) != 4 or not (text.isascii() and text.isdecimal()) or not 1900 <= int(text) <= 2200:
        raise Invalid(year=_("Give a year such as 2026, or none for all of them."))
    return int(text)


async def as_json(person: Person, year: int | None = None) -> AsyncIterator[bytes]:
    """{"format", "version", "exported_at", "customer", "merchants": {slug: Particulars}, "orders": [OrderSnapshot, …]},
    an order a line; one that is put away begins with "archived": true."""
    head = {"format": FORMAT, "version": VERSION, "exported_at": clock.now()}
    shops = [dict(row) for row in await db.scan(MERCHANTS, person.id, *_span(year, person.time_zone))]
    merchants = {shop.pop("slug"): Particulars(**shop) for shop in shops}
    about = {"customer": {"email": person.email, "name": person.name}, "merchants": merchants}
    yield msgspec.json.encode(head | about)[:-1] + b',"orders":['
    separator = b"\n"
    async for batch in _batches(person, year):
        yield separator + b",\n".join(_whole(one) for one in batch)
        separator = b",\n"
    yield b"\n]}\n"


def _whole(one: Exported) -> bytes:
    order = msgspec.json.encode(one.order)
    return b'{"archived":true,' + order[1:] if one.archived else order


async def as_csv(person: Person, year: int | None = None) -> AsyncIterator[bytes]:
    """UTF-8 with a byte order mark, commas, CRLF (RFC 4180)."""
    yield BYTE_ORDER_MARK + csv_text([HEADER])
    async for batch in _batches(person, year):
        yield csv_text([row for one in batch for row in rows(one, person.time_zone)])


async def _batches(person: Person, year: int | None) -> AsyncIterator[list[Exported]]:
    """By keyset: what is written meanwhile moves no order out of sight and shows none twice."""
    first, end = _span(year, person.time_zone)
    last: tuple[datetime, int] = (END_OF_TIME, 0)
    while found := await db.scan(PAGE, person.id, first, end, *last, BATCH):
        orders = await kept.snapshots([row["id"] for row in found])
        yield [_exported(row, order) for row in found if (order := _still(row, orders.get(row["id"])))]
        last = found[-1]["placed_at"], found[-1]["id"]


def _still(row: db.Row, order: OrderSnapshot | None) -> OrderSnapshot | None:
    """Not what was taken away or given to another customer since its page was read."""
    return order if order and order.customer.email == row["customer_email"] else None


def _exported(row: db.Row, order: OrderSnapshot) -> Exported:
    return Exported(order, row["merchant_name"], row["state"], row["fulfilment"], row["refunded"], bool(row["archived"]))


def _span(year: int | None, zone: str) -> Sequence[datetime]:
    """From when until before when: years are those of the person's own calendar."""
    if year is None:
        return datetime(1, 1, 2, tzinfo=UTC), END_OF_TIME
    return clock.start_of(date(year, 1, 1), zone), clock.start_of(date(year + 1, 1, 1), zone)
