"""Whom a notice would reach if it went now: how many, in which languages, and who some of them are."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from app import db
from app.i18n import supported
from app.notices import segments
from app.notices.segments import Segment
from app.settings import settings

FEW = 5


class Reach(Struct, frozen=True):
    """`people` fit the segment; of these, `asked` want offers. `by_language`: who gets it; `names` are some of them."""

    people: int
    asked: int
    by_language: Mapping[str, int]
    names: Sequence[str]

    @property
    def told(self) -> int:
        return sum(self.by_language.values())


async def of(merchant: int, it: Segment, *, offer: bool) -> Reach:
    sql, args = segments.people(merchant, it, offer=False)
    asked = f"CASE WHEN {segments.ASKED} THEN 1 ELSE 0 END"
    counted = await db.scan(f"SELECT c.locale, count(*) AS n, SUM({asked}) AS asked {sql} GROUP BY c.locale", *args)
    by_language = dict.fromkeys(settings.locales, 0)
    for row in counted:
        by_language[language(row["locale"])] += int(row["asked"] if offer else row["n"])
    sql, args = segments.people(merchant, it, offer=offer)
    named = await db.scan(f"SELECT c.name {sql} AND c.name <> '' ORDER BY c.id LIMIT {{}}", *args, FEW)
    total, wanting = (sum(int(row[name]) for row in counted) for name in ("n", "asked"))
    return Reach(total, wanting, by_language, [row["name"] for row in named])


def language(locale: str) -> str:
    """In which somebody is written to."""
    return supported(locale) or settings.locales[0]
