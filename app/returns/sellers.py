"""Which merchants' contracts can be withdrawn from by the law: as their rules say, or the operator where they do not."""

from msgspec import Struct

from app import db
from app.returns import rules
from app.settings import settings

SELLERS = """
SELECT m.id, m.slug, m.name, r.rules FROM merchants m
LEFT JOIN return_rules r ON r.id = (SELECT max(id) FROM return_rules WHERE merchant = m.id)
"""


class Seller(Struct, frozen=True):
    """`whom`: on (everybody), eu."""

    id: int
    slug: str
    name: str
    whom: str


async def offering() -> list[Seller]:
    """By name. Not one where the operator has turned it off, and no merchant on: there is no such function then."""
    found = [
        Seller(row["id"], row["slug"], row["name"], (rules.read(row["rules"]).withdrawal if row["rules"] else ""))
        for row in await db.scan(SELLERS)
    ]
    named = [Seller(one.id, one.slug, one.name, one.whom or settings.withdrawal) for one in found]
    return sorted((one for one in named if one.whom != "off"), key=lambda one: one.name.casefold())
