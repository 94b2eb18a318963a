"""Reviews as they are kept, and how many stars a seller was given."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from app import db, reading
from app.errors import Missing

PAGE = 10
FIGURES = ("one", "two", "three", "four", "five")
STARS = f"SELECT {', '.join(FIGURES)} FROM seller_stars WHERE merchant = {{}}"  # noqa: S608 - our own words


class KeptReview(Struct, frozen=True, array_like=True):
    """Columns of `Review`, and of its merchant."""

    id: int
    merchant: int
    customer: int
    line: int
    rating: int
    text: str
    title: str
    name: str
    created_at: datetime
    changed_at: datetime | None
    answer: str
    answered_at: datetime | None
    reports: int
    hidden_at: datetime | None
    hidden_why: str
    merchant_name: str
    merchant_slug: str


class Stars(Struct, frozen=True):
    """How many reviews give one star, two, … five."""

    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def average(self) -> float:
        """Of at least one."""
        return sum(n * count for n, count in enumerate(self.counts, 1)) / self.total


NAMES = {"merchant_name": "m.name", "merchant_slug": "m.slug"}
COLUMNS = ", ".join(NAMES.get(name, f"r.{name}") for name in KeptReview.__struct_fields__)
FROM = "FROM reviews r JOIN merchants m ON m.id = r.merchant WHERE"
NEWEST = "ORDER BY r.created_at DESC, r.id DESC LIMIT {}"
# What a desk looks at; “reported” at that of the shop itself goes over all sellers.
SHOWS = {"": "", "unanswered": " AND r.answered_at IS NULL", "reported": " AND r.reports > 0"}


async def page_of(merchant: int | None, before: str = "", *, show: str = "", most: int = PAGE) -> tuple[list[KeptReview], str]:
    """The newest first, and the place before which the next page begins (empty for none). `merchant`: None for all."""
    sql, args = asked(merchant, show)
    if place := reading.read_cursor(before):
        sql, args = f"{sql} AND (r.created_at, r.id) < ({{}}, {{}})", [*args, *place]
    found = await reading.texts(COLUMNS, f"{FROM} {sql} {NEWEST}", *args, most + 1)
    shown = [reading.decoder(KeptReview)(row) for row in found[:most]]
    return shown, reading.cursor(shown[-1].created_at, shown[-1].id) if len(found) > most else ""


def asked(merchant: int | None, show: str) -> tuple[str, list[Any]]:
    """A condition with its arguments."""
    sql, args = ("r.merchant = {}", [merchant]) if merchant is not None else ("1 = 1", [])
    return sql + SHOWS.get(show, ""), args


async def one(number: int, merchant: int | None = None, *, lock: bool = False) -> KeptReview:
    """`merchant`: it is of that one. `lock`: nobody else changes it until the transaction ends. Raises Missing."""
    found = await _found("r.id = {}", number, lock=lock) if 0 < number <= db.MOST_ID else []
    if not found or merchant not in (None, found[0].merchant):
        raise Missing
    return found[0]


async def written(customer: int, lines: Sequence[int], *, lock: bool = False) -> dict[int, KeptReview]:
    """Theirs, by the order's line."""
    known = [line for line in lines if 0 < line <= db.MOST_ID]
    where = f"r.customer = {{}} AND r.line IN ({db.marks(len(known))})"
    found = await _found(where, customer, *known, lock=lock) if known else []
    return {it.line: it for it in found}


async def stars(merchant: int) -> Stars:
    row = await db.one(STARS, merchant)
    return Stars(tuple(row[name] for name in FIGURES) if row else (0,) * 5)


async def _found(where: str, *args: int, lock: bool = False) -> list[KeptReview]:
    locked = f"{db.FOR_UPDATE} OF r" if lock and db.FOR_UPDATE else ""
    return [reading.decoder(KeptReview)(row) for row in await reading.texts(COLUMNS, f"{FROM} {where}{locked}", *args)]
