"""What happened to an account, newest first, a page at a time by keyset. What many tries make is one entry, however many.

A page is bounded by what its owner did: of everything that strangers can cause between two of those events, one entry a kind
is told, with the number of times and from when to when. So nobody can push a change out of sight by knocking.
"""

from collections.abc import AsyncIterator
from datetime import date, datetime

from msgspec import Struct

from app import db, reading
from app.accounts import activity_kinds
from app.accounts.activity_kinds import NOISY, Group

PAGE, BATCH = 30, 500
FROM = 'FROM events WHERE customer = {} AND "order" IS NULL'
NOISE = ", ".join(f"'{kind}'" for kind in NOISY)  # written out: the engines see what it is

# Counted by how many of the owner's own events are newer: one run between each two of them.
RUNS = f"""
FROM (
  SELECT kind, count(*) AS times, min(id) AS first, max(id) AS last FROM (
    SELECT id, kind, sum(CASE WHEN kind IN ({NOISE}) THEN 0 ELSE 1 END) OVER (ORDER BY id DESC) AS newer
    {FROM} AND id >= {{}} AND id < {{}} AND kind IN ($kinds)
  ) AS told WHERE kind IN ({NOISE}) GROUP BY kind, newer
) AS runs JOIN events f ON f.id = runs.first JOIN events l ON l.id = runs.last
"""  # noqa: S608 - our own kinds


class Happened(Struct, frozen=True, array_like=True):
    """One event, or `times` of them; `at` and `data` are the newest one's."""

    id: int
    kind: str
    at: datetime
    data: str
    times: int = 1
    since: datetime | None = None


class Cursor(Struct, frozen=True):
    """Where a page ended: with which event, and under which day's heading."""

    id: int = db.MOST_ID
    day: date | None = None

    def __str__(self) -> str:
        return f"{self.id}_{self.day}"


def read_cursor(text: str) -> Cursor | None:
    """None for nonsense."""
    number, _, day = text[:40].partition("_")
    try:
        found = Cursor(int(number), date.fromisoformat(day))
    except ValueError:
        return None
    return found if 0 < found.id <= db.MOST_ID else None


async def page_of(customer: int, group: Group | None, before: int = db.MOST_ID) -> tuple[list[Happened], int]:
    """Newest first, and the id before which the next page begins, 0 when there is none."""
    wanted = activity_kinds.kinds(group)
    own = [kind for kind in wanted if kind not in NOISY]
    found = await _events(customer, own, before)
    shown, more = found[:PAGE], len(found) > PAGE
    end = shown[-1].id if more else 0
    if noisy := [kind for kind in wanted if kind in NOISY]:
        shown += await _runs(customer, [*own, *noisy], end, before)
    return sorted(shown, key=lambda one: one.id, reverse=True), end


async def each(customer: int) -> AsyncIterator[list[Happened]]:
    """All of it, one by one, a batch in memory at a time."""
    wanted, before = list(activity_kinds.kinds()), db.MOST_ID
    while found := await _events(customer, wanted, before, BATCH):
        yield found
        before = found[-1].id


async def _events(customer: int, kinds: list[str], before: int, most: int = PAGE + 1) -> list[Happened]:
    rest = f"{FROM} AND id < {{}} AND kind IN ({db.marks(len(kinds))}) ORDER BY id DESC LIMIT {{}}"
    found = await reading.texts("id, kind, at, data", rest, customer, before, *kinds, most, read=db.scan)
    return [reading.decoder(Happened)(text) for text in found]


async def _runs(customer: int, kinds: list[str], end: int, before: int) -> list[Happened]:
    rest = RUNS.replace("$kinds", db.marks(len(kinds)))
    found = await reading.texts(
        "l.id, l.kind, l.at, l.data, runs.times, f.at", rest, customer, end, before, *kinds, read=db.scan
    )
    return [reading.decoder(Happened)(text) for text in found]
