"""The desks at which somebody works, as pages show them."""

from msgspec import Struct

from app import db

DESKS = """
SELECT m.slug, m.name FROM members mb JOIN merchants m ON m.id = mb.merchant WHERE mb.customer = {} ORDER BY m.name, m.id
"""


class DeskCard(Struct, frozen=True):
    name: str
    slug: str
    url: str


async def desks(customer: int) -> list[DeskCard]:
    return [DeskCard(row["name"], row["slug"], f"/desk/{row['slug']}") for row in await db.rows(DESKS, customer)]
