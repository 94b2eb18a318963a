"""Which merchants' contracts can be withdrawn from by the law: as their rules say, or the operator where they do not."""

from msgspec import Struct

from app import db
from app.returns import rules
from app.returns.binding import NARROWEST
from app.settings import settings

SELLERS = "SELECT m.id, m.slug, m.name, r.rules FROM merchants m LEFT JOIN return_rules r ON r.merchant = m.id"


class Seller(Struct, frozen=True):
    """`whom`: on (everybody), eu."""

    id: int
    slug: str
    name: str
    whom: str


async def offering() -> list[Seller]:
    """By name. Who has turned it off since is asked all the same: earlier orders keep what was promised (see `binding.py`). Not
    one where the operator has turned it off, and no merchant ever on: there is no such function then."""
    found: dict[int, Seller] = {}
    for row in await db.scan(SELLERS):
        whom = (rules.read(row["rules"]).withdrawal if row["rules"] else "") or settings.withdrawal
        if row["id"] not in found or NARROWEST.index(whom) > NARROWEST.index(found[row["id"]].whom):
            found[row["id"]] = Seller(row["id"], row["slug"], row["name"], whom)
    return sorted((one for one in found.values() if one.whom != "off"), key=lambda one: one.name.casefold())
